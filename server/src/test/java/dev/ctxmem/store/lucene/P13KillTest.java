package dev.ctxmem.store.lucene;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.process.Programs;
import dev.ctxmem.store.ExactIndex;
import dev.ctxmem.store.SearchIndex.Candidates;
import dev.ctxmem.store.SearchIndex.Query;
import dev.ctxmem.text.EnglishWords;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P13: killed at any moment, the index holds what it said is durable, and all that its own sequence says.
class P13KillTest {
    private static final int KILLS = Integer.getInteger("ctx.index.kills", 4);
    private static final int QUESTIONS = 10;
    private static final int TOP = 20;

    @TempDir
    Path directory;

    private final EnglishWords words = new EnglishWords();
    private final ExactIndex oracle = new ExactIndex(words);
    private long expected;

    @Test
    void aKilledIndex_holdsWhatItsSequenceSays() throws Exception {
        var random = new Random(1);
        for (int kill = 0; kill < KILLS; kill++) {
            long told = runAndKill(1 + random.nextInt(20));
            check(told);
        }
    }

    private long runAndKill(int commits) throws Exception {
        Process child = Programs.java(List.of(), KilledChild.class.getName(), directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long told = 0;
        try (BufferedReader answers = child.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < commits; i++) {
                told = Long.parseLong(requireNonNull(answers.readLine(), "the child ended by itself"));
            }
            // By its handle, because destroying the process would close what it said last.
            child.toHandle().destroyForcibly();
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                told = Long.parseLong(line);
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        return told;
    }

    private void check(long told) {
        try (LuceneIndex index = LuceneIndex.open(directory, words)) {
            long durable = index.durableSequence();
            assertTrue(durable >= told, durable + " is durable of " + told);
            while (expected < durable) {
                expected++;
                oracle.apply(List.of(KilledChild.change(expected)), expected);
            }
            var corpus = new Corpus(durable);
            for (int i = 0; i < QUESTIONS; i++) {
                Query query = Corpus.query(
                        KilledChild.ACCOUNT,
                        Set.of(),
                        List.of(),
                        words.queryStems(corpus.text(3)),
                        corpus.vector(),
                        TOP);
                Candidates right = oracle.candidates(query);
                Candidates found = index.candidates(query);
                assertEquals(right.documents(), found.documents());
                assertEquals(asList(right.frequencies()), asList(found.frequencies()));
            }
        }
    }

    private static List<Long> asList(long[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }
}
