package dev.ctxmem.embed.openai;

import dev.ctxmem.core.JsonWriter;
import java.io.Serial;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The request and the answer of `/embeddings` on the wire. Numbers are read one by one: an answer of 64 texts
/// has 100,000 of them.
final class EmbeddingsJson {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final float[] NONE = {};

    private EmbeddingsJson() {}

    static byte[] request(String model, List<String> input, Optional<Integer> dimensions) {
        var json = new JsonWriter().beginObject().member("model", model).member("input", input);
        dimensions.ifPresent(number -> json.member("dimensions", number));
        return json.endObject().toUtf8();
    }

    /// The vectors of `count` inputs in the order of the inputs, all of one dimension, each of length 1. Throws
    /// [UnusableAnswer] for anything else.
    static List<float[]> answer(byte[] body, int count) {
        var vectors = new TreeMap<Integer, float[]>();
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "it is no JSON object");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean isData = json.currentName().equals("data");
                if (json.nextToken() == JsonToken.START_ARRAY && isData) {
                    data(json, vectors);
                } else {
                    json.skipChildren();
                }
            }
        } catch (JacksonException e) {
            throw new UnusableAnswer("it is no well-formed JSON");
        }
        require(vectors.size() == count, "it has " + vectors.size() + " vectors for " + count + " texts");
        require(vectors.firstKey() == 0 && vectors.lastKey() == count - 1, "its vectors are of other texts");
        var inOrder = List.copyOf(vectors.values());
        require(
                inOrder.stream().mapToInt(vector -> vector.length).distinct().count() == 1,
                "its vectors differ in dimension");
        return inOrder;
    }

    /// Reads the elements of the array; those without an index count by their position.
    private static void data(JsonParser json, Map<Integer, float[]> vectors) {
        for (int position = 0; json.nextToken() == JsonToken.START_OBJECT; position++) {
            int index = position;
            float[] vector = NONE;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                    index = json.getIntValue();
                } else if (name.equals("embedding") && value == JsonToken.START_ARRAY) {
                    vector = unit(json);
                } else {
                    json.skipChildren();
                }
            }
            require(vector.length > 0, "a vector is missing");
            require(vectors.put(index, vector) == null, "it has two vectors for one text");
        }
    }

    private static float[] unit(JsonParser json) {
        double[] components = new double[1536];
        int dimension = 0;
        double square = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() != null && json.currentToken().isNumeric(), "a vector holds no numbers");
            if (dimension == components.length) {
                components = Arrays.copyOf(components, 2 * dimension);
            }
            double component = json.getDoubleValue();
            components[dimension++] = component;
            square += component * component;
        }
        require(square > 0 && !Double.isInfinite(square), "a vector has no direction");
        double norm = Math.sqrt(square);
        float[] unit = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            unit[i] = (float) (components[i] / norm);
        }
        return unit;
    }

    private static void require(boolean asExpected, String otherwise) {
        if (!asExpected) {
            throw new UnusableAnswer(otherwise);
        }
    }

    /// An answer of status 200 that is not what was asked for. The message says why, and quotes nothing.
    static final class UnusableAnswer extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        UnusableAnswer(String message) {
            super(message);
        }
    }
}
