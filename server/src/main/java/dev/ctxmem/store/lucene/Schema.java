package dev.ctxmem.store.lucene;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.memory.Words;
import dev.ctxmem.store.SearchIndex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/// What is where in the index.
///
/// An entry is a block of documents next to each other: first the entry itself with its words and its first
/// vector, then one document for each further vector. Deletes take whole blocks, so a block stays together for
/// good.
///
/// Tags and stems are prefixed with their account: every count that Lucene keeps of a term is then of one
/// account, and no account can tell anything about another from a score or from how long an answer takes.
final class Schema {
    /// On every document of a block.
    private static final String ACCOUNT = "account";

    private static final String NAMESPACE = "namespace";
    private static final String TAG = "tag";
    private static final String ROW = "row";

    /// On the entry alone: the account once more, to count entries by.
    private static final String ENTRY = "entry";

    /// On the entry alone: each stem once.
    static final String WORDS = "words";

    /// Number of content stems, of the entry.
    static final String LENGTH = "length";

    static final String ROW_ID = "rowId";

    /// On the further vectors alone: how many documents before this one the entry is.
    static final String CHUNK = "chunk";

    private static final int ACCOUNT_BYTES = 16;

    private static final FieldType STEM = new FieldType();

    static {
        STEM.setIndexOptions(IndexOptions.DOCS);
        STEM.setTokenized(false);
        STEM.setOmitNorms(false);
        STEM.freeze();
    }

    private Schema() {}

    static Term row(long rowId) {
        return new Term(ROW, bytes(rowId));
    }

    static Term namespace(long namespaceId) {
        return new Term(NAMESPACE, bytes(namespaceId));
    }

    static Term entriesOf(UUID account) {
        return new Term(ENTRY, bytes(account, ""));
    }

    static Term stem(UUID account, String stem) {
        return new Term(WORDS, bytes(account, stem));
    }

    /// The field of a model's vectors. The dimension is part of it, for Lucene holds a field to its first one.
    static String vectors(EmbeddingModel model) {
        return "vector/" + model.dimension() + "/" + model.name();
    }

    /// Matches the documents, further vectors included, that a query may see.
    static Query scope(SearchIndex.Query query) {
        var scope = new BooleanQuery.Builder()
                .add(new TermQuery(new Term(ACCOUNT, bytes(query.account(), ""))), Occur.FILTER);
        if (!query.namespaceIds().isEmpty()) {
            List<BytesRef> namespaces =
                    query.namespaceIds().stream().map(Schema::bytes).toList();
            scope.add(new TermInSetQuery(NAMESPACE, namespaces), Occur.FILTER);
        }
        for (String tag : new HashSet<>(query.tags())) {
            scope.add(new TermQuery(new Term(TAG, bytes(query.account(), tag))), Occur.FILTER);
        }
        return scope.build();
    }

    /// The block of an entry. IllegalArgumentException for a vector that is not of the model's dimension.
    static List<Document> block(SearchIndex.Document entry, Words words) {
        var block = new ArrayList<Document>();
        block.add(document(entry));
        addWords(block.getFirst(), entry, words);
        for (Vectorization.Ready generation : entry.vectors()) {
            List<KnnByteVectorField> vectors = vectors(generation);
            for (int i = 0; i < vectors.size(); i++) {
                if (i == block.size()) {
                    block.add(document(entry));
                    block.getLast().add(new NumericDocValuesField(CHUNK, i));
                }
                block.get(i).add(vectors.get(i));
            }
        }
        return block;
    }

    private static Document document(SearchIndex.Document entry) {
        var document = new Document();
        document.add(new StringField(ACCOUNT, bytes(entry.account(), ""), Field.Store.NO));
        document.add(new StringField(NAMESPACE, bytes(entry.namespaceId()), Field.Store.NO));
        document.add(new StringField(ROW, bytes(entry.rowId()), Field.Store.NO));
        for (String tag : new HashSet<>(entry.tags())) {
            document.add(new StringField(TAG, bytes(entry.account(), tag), Field.Store.NO));
        }
        return document;
    }

    private static void addWords(Document document, SearchIndex.Document entry, Words words) {
        List<String> stems = words.stems(entry.text());
        for (String stem : new HashSet<>(stems)) {
            document.add(new Field(WORDS, bytes(entry.account(), stem), STEM));
        }
        long length = stems.stream().filter(words::isContent).count();
        document.add(new NumericDocValuesField(LENGTH, length));
        document.add(new NumericDocValuesField(ROW_ID, entry.rowId()));
        document.add(new StringField(ENTRY, bytes(entry.account(), ""), Field.Store.NO));
    }

    /// A vector without direction is like none, and is left out.
    private static List<KnnByteVectorField> vectors(Vectorization.Ready generation) {
        EmbeddingModel model = generation.model();
        var fields = new ArrayList<KnnByteVectorField>();
        for (float[] vector : generation.chunks()) {
            if (vector.length != model.dimension()) {
                throw new IllegalArgumentException(
                        "a vector of dimension " + vector.length + " is not of " + model.name());
            }
            byte[] packed = PackedVector.of(vector);
            if (packed != null) {
                fields.add(new KnnByteVectorField(vectors(model), packed, VectorSimilarityFunction.COSINE));
            }
        }
        return fields;
    }

    private static BytesRef bytes(UUID account, String rest) {
        byte[] tail = rest.getBytes(StandardCharsets.UTF_8);
        return new BytesRef(ByteBuffer.allocate(ACCOUNT_BYTES + tail.length)
                .putLong(account.getMostSignificantBits())
                .putLong(account.getLeastSignificantBits())
                .put(tail)
                .array());
    }

    private static BytesRef bytes(long number) {
        return new BytesRef(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }
}
