package dev.ctxmem.embed.onnx;

import dev.ctxmem.memory.EmbeddingModel;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// A model that runs in this process, and all that belongs to its vectors: the files, the pooling, the window,
/// the prefixes. Each is an int8 BERT of 384 dimensions, packed in a jar on the class path.
public enum LocalModel {
    BGE_SMALL_EN(
            "bge-small-en-v1.5",
            "bge-small-en-v1.5-q",
            "6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4",
            "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
            Pooling.FIRST_TOKEN,
            512),
    ALL_MINI_LM(
            "all-MiniLM-L6-v2",
            "all-minilm-l6-v2-q",
            "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1",
            "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
            Pooling.MEAN,
            256),
    E5_SMALL(
            "e5-small-v2",
            "e5-small-v2-q",
            "7d9092cb25f2bd1c023b7e8d2aa459044a02030ac880e5a59fdaf27af69f1ded",
            "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
            Pooling.MEAN,
            512);

    public static final LocalModel DEFAULT = BGE_SMALL_EN;

    static final int DIMENSION = 384;

    private final String modelName;
    private final String fileName;
    private final String modelSha256;
    private final String tokenizerSha256;
    private final Pooling pooling;
    private final int window;

    LocalModel(
            String modelName,
            String fileName,
            String modelSha256,
            String tokenizerSha256,
            Pooling pooling,
            int window) {
        this.modelName = modelName;
        this.fileName = fileName;
        this.modelSha256 = modelSha256;
        this.tokenizerSha256 = tokenizerSha256;
        this.pooling = pooling;
        this.window = window;
    }

    /// The model with this name, upper and lower case alike; empty for any other.
    public static Optional<LocalModel> named(String name) {
        return Arrays.stream(values())
                .filter(local -> local.modelName.equalsIgnoreCase(name))
                .findFirst();
    }

    /// All names, for messages.
    public static String names() {
        return Arrays.stream(values()).map(local -> local.modelName).collect(Collectors.joining(", "));
    }

    public EmbeddingModel model() {
        return new EmbeddingModel(modelName, DIMENSION);
    }

    /// Copies the model out of its jar where it is not there yet. The file's name has the beginning of its
    /// digest: another version is another file.
    Path provideModel(Path cacheDirectory) {
        Path file = cacheDirectory.resolve(fileName + "-" + modelSha256.substring(0, 8) + ".onnx");
        return new ResourceFile("/" + fileName + ".onnx").provide(file, modelSha256);
    }

    WordPiece tokenizer() {
        byte[] json = new ResourceFile("/" + fileName + "-tokenizer.json").read(tokenizerSha256);
        return WordPiece.read(new ByteArrayInputStream(json));
    }

    Pooling pooling() {
        return pooling;
    }

    /// Tokens that one run takes, the two special ones and the prefix included.
    int window() {
        return window;
    }

    /// What stands before a question. For bge-small the instruction that its authors offer for questions to
    /// long passages is left out: an entry is seldom longer than a question.
    String queryPrefix() {
        return this == E5_SMALL ? "query: " : "";
    }

    /// What stands before each chunk of a text to be found.
    String passagePrefix() {
        return this == E5_SMALL ? "passage: " : "";
    }

    /// How the states of the tokens become one vector.
    enum Pooling {
        FIRST_TOKEN,
        MEAN
    }
}
