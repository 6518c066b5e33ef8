package dev.ctxmem.store.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.store.IndexReopenedException;
import dev.ctxmem.store.SearchIndex.Candidate;
import dev.ctxmem.store.SearchIndex.Candidates;
import dev.ctxmem.store.SearchIndex.Change;
import dev.ctxmem.store.SearchIndex.Query;
import dev.ctxmem.text.EnglishWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P13: whatever happens to the files of an index, it opens, and holds either all that it says or nothing.
class P13DamageTest {
    private static final UUID ACCOUNT = new UUID(3, 4);
    private static final int ROUNDS = 5;
    private static final int ENTRIES_PER_ROUND = 40;
    private static final int FLIPS_PER_FILE = Integer.getInteger("ctx.index.flips", 6);

    @TempDir
    Path home;

    private final EnglishWords words = new EnglishWords();
    private final Random random = new Random(13);
    private Path original;
    private List<Query> questions;
    private List<Set<Candidate>> answers;
    private long sequence;
    private int copies;

    /// Several segments, with deletes in the older ones.
    @BeforeEach
    void fill() {
        original = home.resolve("original");
        try (LuceneIndex index = LuceneIndex.open(original, words)) {
            feed(index);
            var corpus = new Corpus(17);
            questions = Stream.generate(() -> Corpus.query(
                            ACCOUNT, Set.of(), List.of(), words.queryStems(corpus.text(5)), corpus.vector(), 10))
                    .limit(5)
                    .toList();
            answers = answers(index);
        }
    }

    private void feed(LuceneIndex index) {
        var corpus = new Corpus(13);
        sequence = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < ENTRIES_PER_ROUND; i++) {
                long row = (long) round * ENTRIES_PER_ROUND + i - (i % 7 == 0 ? ENTRIES_PER_ROUND / 2 : 0);
                index.apply(List.of(new Change.Put(corpus.entry(row, ACCOUNT, 1))), ++sequence);
            }
            index.commit();
        }
    }

    @Test
    void anUndamagedIndex_opensWithEverything() throws IOException {
        assertEquals(sequence, openCopy(copy(), "nothing"));
        assertTrue(files(original).size() > 6, files(original).toString());
    }

    @Test
    void missingFiles_areNoticed() throws IOException {
        for (Path file : files(original)) {
            Path copy = copy();
            Files.delete(copy.resolve(file.getFileName()));
            assertEquals(0, openCopy(copy, "missing " + file.getFileName()));
        }
    }

    @Test
    void truncatedFiles_areNoticed() throws IOException {
        for (Path file : files(original)) {
            long length = Files.size(file);
            for (long left : Set.of(0L, 1L, length / 2, length - 1)) {
                Path copy = copy();
                cut(copy.resolve(file.getFileName()), left);
                assertEquals(0, openCopy(copy, file.getFileName() + " cut to " + left + " of " + length));
            }
        }
    }

    /// Lucene alone opens many of these, which is why every byte is checked.
    @Test
    void flippedBits_areNoticed() throws IOException {
        int unnoticedByLucene = 0;
        for (Path file : files(original)) {
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i < FLIPS_PER_FILE; i++) {
                int bit = random.nextInt(bytes.length * 8);
                byte[] flipped = bytes.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                Path copy = copy();
                Files.write(copy.resolve(file.getFileName()), flipped);
                unnoticedByLucene += opensInLucene(copy) ? 1 : 0;
                assertEquals(0, openCopy(copy, file.getFileName() + " with bit " + bit + " flipped"));
            }
        }
        assertTrue(unnoticedByLucene > 0);
    }

    @Test
    void longerFiles_areNoticed() throws IOException {
        for (Path file : files(original)) {
            Path copy = copy();
            Files.write(copy.resolve(file.getFileName()), new byte[] {0}, StandardOpenOption.APPEND);
            assertEquals(0, openCopy(copy, "a byte more in " + file.getFileName()));
        }
    }

    /// Whole files with valid checksums, of another index.
    @Test
    void filesOfAnotherIndex_areNoticed() throws IOException {
        Path other = home.resolve("other");
        try (LuceneIndex index = LuceneIndex.open(other, words)) {
            feed(index);
        }
        int swapped = 0;
        for (Path file : files(original)) {
            Path foreign = other.resolve(file.getFileName());
            if (Files.exists(foreign) && !file.getFileName().toString().startsWith("segments")) {
                Path copy = copy();
                Files.copy(foreign, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                assertEquals(0, openCopy(copy, "foreign " + file.getFileName()));
                swapped++;
            }
        }
        assertTrue(swapped > 3);
    }

    /// A kill in the first commit leaves files of segments, and at most the commit under its temporary name.
    @Test
    void anUnfinishedFirstCommit_isAnEmptyIndex() throws IOException {
        for (boolean pending : List.of(false, true)) {
            Path copy = copy();
            for (Path file : files(copy)) {
                String name = file.getFileName().toString();
                if (name.startsWith("segments_")) {
                    Files.move(file, pending ? copy.resolve("pending_segments_1") : copy.resolve("_9.tmp"));
                } else {
                    cut(file, Files.size(file) / 2);
                }
            }
            assertEquals(0, openCopy(copy, "first commit"));
        }
    }

    @Test
    void strayFiles_doNoHarm() throws IOException {
        Path copy = copy();
        Files.writeString(copy.resolve("notes.txt"), "not of the index");
        Files.write(copy.resolve("_zz.cfs"), new byte[100]);
        Files.createDirectory(copy.resolve("directory"));
        assertEquals(sequence, openCopy(copy, "stray files"));
    }

    @Test
    void aFailingCommit_reopensTheIndex_andSaysThatItMustBeFedAgain() throws IOException {
        Path directory = copy();
        try (LuceneIndex index = LuceneIndex.open(directory, words)) {
            deleteTree(directory);
            index.apply(List.of(new Change.Remove(1)), sequence + 1);
            assertThrows(IndexReopenedException.class, index::commit);
            assertEquals(0, index.durableSequence());
            assertThrows(UncheckedIOException.class, () -> index.candidates(questions.getFirst()));
            feed(index);
            assertEquals(answers, answers(index));
            assertEquals(sequence, index.durableSequence());
        }
        assertEquals(sequence, openCopy(directory, "after a failed commit"));
    }

    @Test
    void aFileCutOffUnderWay_failsSearches_untilTheNextChangeReopensTheIndex() throws IOException {
        Path directory = copy();
        try (LuceneIndex index = LuceneIndex.open(directory, words)) {
            cutSegments(directory);
            assertThrows(UncheckedIOException.class, () -> index.candidates(questions.getFirst()));
            assertThrows(UncheckedIOException.class, () -> index.candidates(questions.getFirst()));
            assertThrows(IndexReopenedException.class, () -> index.apply(List.of(new Change.Remove(1)), sequence + 1));
            assertEquals(0, index.durableSequence());
            feed(index);
            assertEquals(answers, answers(index));
        }
    }

    @Test
    void clear_mendsAFailedIndex() throws IOException {
        Path directory = copy();
        try (LuceneIndex index = LuceneIndex.open(directory, words)) {
            cutSegments(directory);
            assertThrows(UncheckedIOException.class, () -> index.candidates(questions.getFirst()));
            index.clear();
            feed(index);
            assertEquals(answers, answers(index));
        }
    }

    /// Opens a directory, checks that its answers are right for what it says it holds, and that it can be filled.
    private long openCopy(Path directory, String what) {
        try (LuceneIndex index = LuceneIndex.open(directory, words)) {
            long durable = index.durableSequence();
            if (durable == 0) {
                Candidates found = index.candidates(questions.getFirst());
                assertEquals(0, found.documents(), what);
                assertEquals(List.of(), found.candidates(), what);
                feed(index);
            }
            assertEquals(answers, answers(index), what);
            return durable;
        }
    }

    private List<Set<Candidate>> answers(LuceneIndex index) {
        var answers = new ArrayList<Set<Candidate>>();
        for (Query question : questions) {
            answers.add(new HashSet<>(index.candidates(question).candidates()));
        }
        return answers;
    }

    private static boolean opensInLucene(Path directory) {
        try (var files = FSDirectory.open(directory);
                var reader = DirectoryReader.open(files)) {
            return reader.numDocs() > 0;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private Path copy() throws IOException {
        Path copy = Files.createDirectory(home.resolve("copy" + copies++));
        for (Path file : files(original)) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        return copy;
    }

    private static void cutSegments(Path directory) throws IOException {
        for (Path file : files(directory)) {
            if (file.toString().endsWith(".cfs")) {
                cut(file, 0);
            }
        }
    }

    private static void cut(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    /// Without the lock, which is empty.
    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("write.lock")).toList();
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
