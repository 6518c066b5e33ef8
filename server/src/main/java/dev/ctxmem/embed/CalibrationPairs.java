package dev.ctxmem.embed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// The pairs of `calibration.tsv`: questions of agents and memories as agents keep them.
///
/// The file has 300 related pairs, ten in a row for each of thirty topics, and after each ten two unrelated
/// pairs of the same topic. As many unrelated pairs of different topics are made here, from each question and
/// the memory half the file away. `\n` in a memory stands for the line break after an entry's key.
record CalibrationPairs(List<String> questions, List<String> memories, List<Pair> pairs) {
    private static final String RESOURCE = "calibration.tsv";

    static CalibrationPairs read() {
        var questions = new LinkedHashMap<String, Integer>();
        var memories = new ArrayList<String>();
        var pairs = new ArrayList<Pair>();
        lines().skip(1).forEach(line -> {
            String[] columns = line.split("\t", -1);
            int question = questions.computeIfAbsent(columns[0], _ -> questions.size());
            pairs.add(new Pair(question, memories.size(), columns[2].equals("1")));
            memories.add(columns[1].replace("\\n", "\n"));
        });
        pairs.addAll(ofDifferentTopics(pairs.stream().filter(Pair::related).toList()));
        return new CalibrationPairs(List.copyOf(questions.keySet()), List.copyOf(memories), List.copyOf(pairs));
    }

    private static List<Pair> ofDifferentTopics(List<Pair> related) {
        var unrelated = new ArrayList<Pair>(related.size());
        for (int i = 0; i < related.size(); i++) {
            Pair other = related.get((i + related.size() / 2) % related.size());
            unrelated.add(new Pair(related.get(i).question(), other.memory(), false));
        }
        return unrelated;
    }

    private static Stream<String> lines() {
        try (InputStream in = Objects.requireNonNull(CalibrationPairs.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException("The resource " + RESOURCE + " cannot be read.", e);
        }
    }

    /// Positions in the lists of questions and memories.
    record Pair(int question, int memory, boolean related) {}
}
