package dev.ctxmem.store.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.BitSet;
import java.util.Random;
import java.util.function.IntPredicate;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.junit.jupiter.api.Test;

class LiveCountTest {
    private static final int DOCUMENTS = 150_000;
    private static final int RARE_EVERY = 10;

    @Test
    void aTerm_isCountedExactly_upToAsManyPostings_andCloselyBeyond() throws IOException {
        try (var directory = new ByteBuffersDirectory();
                var writer = new IndexWriter(directory, new IndexWriterConfig())) {
            for (int i = 0; i < DOCUMENTS; i++) {
                var document = new Document();
                document.add(new StringField("word", "common", Field.Store.NO));
                if (i % RARE_EVERY == 0) {
                    document.add(new StringField("word", "rare", Field.Store.NO));
                }
                writer.addDocument(document);
            }
            writer.forceMerge(1);
            try (var reader = DirectoryReader.open(writer)) {
                LeafReader segment = reader.leaves().getFirst().reader();
                var random = new Random(5);
                check(segment, doc -> true);
                check(segment, doc -> false);
                check(segment, doc -> doc > DOCUMENTS / 2);
                check(segment, doc -> doc % 3 == 0);
                check(segment, doc -> random.nextInt(100) == 0);
                check(segment, doc -> doc / 1000 % 2 == 0);
            }
        }
    }

    private static void check(LeafReader segment, IntPredicate lives) throws IOException {
        var live = new BitSet();
        for (int doc = 0; doc < DOCUMENTS; doc++) {
            live.set(doc, lives.test(doc));
        }
        long rare = live.stream().filter(doc -> doc % RARE_EVERY == 0).count();
        assertTrue(DOCUMENTS / RARE_EVERY <= LiveCount.COUNTED_MAX && DOCUMENTS > LiveCount.COUNTED_MAX);
        assertEquals(rare, count(segment, "rare", live));
        assertEquals(live.cardinality(), (double) count(segment, "common", live), 0.02 * DOCUMENTS);
    }

    private static long count(LeafReader segment, String term, BitSet live) throws IOException {
        TermsEnum terms = segment.terms("word").iterator();
        assertTrue(terms.seekExact(new BytesRef(term)));
        return LiveCount.of(terms, new Bits() {
            @Override
            public boolean get(int doc) {
                return live.get(doc);
            }

            @Override
            public int length() {
                return DOCUMENTS;
            }
        });
    }
}
