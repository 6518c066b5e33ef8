package dev.ctxmem.store.lucene;

import dev.ctxmem.memory.StemWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermState;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/// The stems of one question in one state of the index, each looked up once: how many live entries of the
/// account have it, which entries match best, and which stems an entry has.
final class Stems {
    /// Hits need no counting, so that those too low to come in are skipped from the first on.
    private static final int NO_COUNT = 0;

    private final IndexSearcher searcher;
    private final List<Stem> stems = new ArrayList<>();
    private final long documents;

    Stems(IndexSearcher searcher, UUID account, List<String> question) throws IOException {
        this.searcher = searcher;
        documents = new Stem(Schema.entriesOf(account)).liveEntries;
        for (String stem : question) {
            stems.add(new Stem(Schema.stem(account, stem)));
        }
    }

    /// How many live entries the account has.
    long documents() {
        return documents;
    }

    /// Of how many of them have stem i.
    long[] frequencies() {
        return stems.stream().mapToLong(stem -> stem.liveEntries).toArray();
    }

    /// Adds the entries within `scope` that cover most of the question, longer ones first where that is equal.
    void addBest(Query scope, int limit, CandidateSet candidates) throws IOException {
        var weights = new StemWeights(documents, frequencies());
        var query = new BooleanQuery.Builder();
        for (int i = 0; i < stems.size(); i++) {
            Stem stem = stems.get(i);
            if (stem.liveEntries > 0) {
                Query term = new TermQuery(stem.term, stem.allStates);
                query.add(new BoostQuery(term, (float) weights.weight(i)), Occur.SHOULD);
            }
        }
        query.setMinimumNumberShouldMatch(1);
        query.add(scope, Occur.FILTER);
        var best = new TopScoreDocCollectorManager(limit, NO_COUNT);
        for (ScoreDoc found : searcher.search(query.build(), best).scoreDocs) {
            candidates.add(found.doc);
        }
    }

    /// Sets the bit of each stem that an entry has; `entries` are numbers within the segment, ascending.
    long[] matches(LeafReaderContext segment, int[] entries) throws IOException {
        var matches = new long[entries.length];
        for (int i = 0; i < stems.size(); i++) {
            PostingsEnum postings = stems.get(i).postings(segment);
            for (int e = 0; postings != null && e < entries.length; e++) {
                int doc = postings.docID() < entries[e] ? postings.advance(entries[e]) : postings.docID();
                if (doc == entries[e]) {
                    matches[e] |= 1L << i;
                }
            }
        }
        return matches;
    }

    private final class Stem {
        private final Term term;
        private final TermStates allStates;
        private final @Nullable TermState[] states;
        private final long liveEntries;

        Stem(Term term) throws IOException {
            this.term = term;
            allStates = new TermStates(searcher.getTopReaderContext());
            List<LeafReaderContext> segments = searcher.getLeafContexts();
            states = new TermState[segments.size()];
            long live = 0;
            for (LeafReaderContext segment : segments) {
                TermsEnum terms = terms(segment);
                if (terms != null && terms.seekExact(term.bytes())) {
                    TermState state = terms.termState();
                    states[segment.ord] = state;
                    allStates.register(state, segment.ord, terms.docFreq(), terms.docFreq());
                    Bits liveDocs = segment.reader().getLiveDocs();
                    live += liveDocs == null ? terms.docFreq() : LiveCount.of(terms, liveDocs);
                }
            }
            liveEntries = live;
        }

        @Nullable
        PostingsEnum postings(LeafReaderContext segment) throws IOException {
            TermState state = states[segment.ord];
            TermsEnum terms = state == null ? null : terms(segment);
            if (state == null || terms == null) {
                return null;
            }
            terms.seekExact(term.bytes(), state);
            return terms.postings(null, PostingsEnum.NONE);
        }

        private @Nullable TermsEnum terms(LeafReaderContext segment) throws IOException {
            Terms terms = segment.reader().terms(term.field());
            return terms == null ? null : terms.iterator();
        }
    }
}
