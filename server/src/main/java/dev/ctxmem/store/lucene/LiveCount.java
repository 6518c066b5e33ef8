package dev.ctxmem.store.lucene;

import java.io.IOException;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;

/// How many live documents a term of a segment has, in bounded time: counted one by one up to [#COUNTED_MAX],
/// else estimated by runs that are spread evenly over the segment.
final class LiveCount {
    static final int COUNTED_MAX = 1 << 16;

    private static final int RUNS = 256;
    private static final int RUN_POSTINGS = 128;

    private LiveCount() {}

    static long of(TermsEnum term, Bits live) throws IOException {
        PostingsEnum postings = term.postings(null, PostingsEnum.NONE);
        return term.docFreq() <= COUNTED_MAX ? counted(postings, live) : estimated(postings, live, term.docFreq());
    }

    private static long counted(PostingsEnum postings, Bits live) throws IOException {
        long count = 0;
        while (postings.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
            if (live.get(postings.docID())) {
                count++;
            }
        }
        return count;
    }

    private static long estimated(PostingsEnum postings, Bits live, int all) throws IOException {
        long seen = 0;
        long alive = 0;
        for (int run = 0; run < RUNS; run++) {
            int start = (int) ((long) live.length() * run / RUNS);
            int doc = postings.docID() < start ? postings.advance(start) : postings.nextDoc();
            for (int i = 0; i < RUN_POSTINGS && doc != DocIdSetIterator.NO_MORE_DOCS; i++) {
                seen++;
                alive += live.get(doc) ? 1 : 0;
                doc = postings.nextDoc();
            }
            if (doc == DocIdSetIterator.NO_MORE_DOCS) {
                break;
            }
        }
        return Math.round((double) all * alive / Math.max(1, seen));
    }
}
