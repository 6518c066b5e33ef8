package dev.ctxmem.bench.quality;

import dev.ctxmem.memory.Embedder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/// Vectors of texts that were embedded before, so that a fit that is run again, or was ended, goes on where it
/// was. One file for each model and list of texts; for each text the number of its chunks and their components.
final class VectorFile {
    private static final int BLOCK_TEXTS = 64;

    private final Path directory;
    private final Embedder embedder;

    /// `directory` exists.
    VectorFile(Path directory, Embedder embedder) {
        this.directory = directory;
        this.embedder = embedder;
    }

    /// The chunk vectors of each text, in order.
    List<List<float[]>> passages(List<String> texts) {
        return vectors(
                "passages", texts, text -> embedder.embedPassages(List.of(text)).getFirst());
    }

    /// The vector of each question, in order.
    List<float[]> questions(List<String> texts) {
        return vectors("questions", texts, text -> embedder.embedQueries(List.of(text))).stream()
                .map(List::getFirst)
                .toList();
    }

    private List<List<float[]>> vectors(String kind, List<String> texts, Function<String, List<float[]>> embed) {
        Path file = directory.resolve(embedder.model().name() + "-" + kind + "-" + digest(texts) + ".vectors");
        try {
            List<List<float[]>> vectors = Files.exists(file) ? read(file) : new ArrayList<>();
            if (vectors.size() < texts.size()) {
                List<List<float[]>> known = List.copyOf(vectors);
                try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
                    write(out, known);
                    for (int from = vectors.size(); from < texts.size(); from = vectors.size()) {
                        int to = Math.min(texts.size(), from + BLOCK_TEXTS);
                        vectors.addAll(inParallel(texts.subList(from, to), embed));
                        write(out, vectors.subList(from, to));
                        out.flush();
                    }
                }
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<List<float[]>> inParallel(List<String> texts, Function<String, List<float[]>> embed) {
        return texts.parallelStream().map(embed).toList();
    }

    private static void write(DataOutputStream out, List<List<float[]>> vectors) throws IOException {
        for (List<float[]> chunks : vectors) {
            writeChunks(out, chunks);
        }
    }

    private static void writeChunks(DataOutputStream out, List<float[]> chunks) throws IOException {
        out.writeInt(chunks.size());
        for (float[] vector : chunks) {
            for (float component : vector) {
                out.writeFloat(component);
            }
        }
    }

    private List<List<float[]>> read(Path file) throws IOException {
        var vectors = new ArrayList<List<float[]>>();
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            while (true) {
                int count = in.readInt();
                var chunks = new ArrayList<float[]>(count);
                for (int i = 0; i < count; i++) {
                    var vector = new float[embedder.model().dimension()];
                    for (int j = 0; j < vector.length; j++) {
                        vector[j] = in.readFloat();
                    }
                    chunks.add(vector);
                }
                vectors.add(chunks);
            }
        } catch (EOFException e) {
            return vectors;
        }
    }

    private static String digest(List<String> texts) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            texts.forEach(text -> sha.update((text + "\0").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
