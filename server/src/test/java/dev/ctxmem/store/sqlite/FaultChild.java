package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.disk.Fault;
import dev.ctxmem.disk.FaultLibrary;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.CannotOpenStoreException;
import dev.ctxmem.store.Queries;
import dev.ctxmem.store.lucene.LuceneIndex;
import dev.ctxmem.text.EnglishWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A process that opens one store after another, each under a fault of its disk, writes to it one by one, searches,
/// and closes it. It reads `directory TAB fault` (see [Fault#parse]) from standard input, and tells what happened in
/// lines, of which the last is [#END]:
///
/// - `acked KEY CRC`, `refused CODE` for each write
/// - `found COUNT`, or `unsearched CODE`
/// - `closed`, or `unclosed REASON`
/// - `said SENTENCE`: what the rules of a failing disk do not allow
/// - `counted CALLS HITS`, `stopped` where the store has said that it writes no more
final class FaultChild {
    static final String END = "end";
    static final String WORD = "kangaroo";

    /// In this order they come to each file many times: the log, the database by checkpoints, the index by its
    /// commits.
    static final int PUTS = 12;

    private static final int TEXT_CHARACTERS = 2_000;
    private static final EmbeddingModel MODEL = new EmbeddingModel("fault-model", 2);
    private static final SqliteSettings SETTINGS =
            new SqliteSettings(64, 6, 1, 1, 8, 1_000, Duration.ofMillis(1), Duration.ofMillis(300), 1024, 256, 20);

    private static final EnglishWords WORDS = new EnglishWords();

    private final RecordingAlarms alarms = new RecordingAlarms();
    private final Set<String> acked = new HashSet<>();
    private final FaultLibrary library;
    private final Fault fault;

    private FaultChild(FaultLibrary library, Fault fault) {
        this.library = library;
        this.fault = fault;
    }

    public static void main(String[] args) throws IOException {
        var library = FaultLibrary.preloaded();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] job = line.split("\t", -1);
            new FaultChild(library, Fault.parse(job[1])).run(Path.of(job[0]));
            say(END);
        }
    }

    /// The store with its index, as the server has it.
    static SqliteStore open(Path directory, RecordingAlarms alarms, SqliteSettings settings) {
        LuceneIndex index = LuceneIndex.open(directory.resolve("index"), WORDS);
        try {
            InstantSource clock = InstantSource.system();
            var ids = new UuidV7(clock, RandomGenerator.getDefault());
            return new SqliteStore(directory, index, WORDS, clock, ids, alarms, settings);
        } catch (RuntimeException e) {
            index.close();
            throw e;
        }
    }

    /// The keys that a search for what all entries have in common finds.
    static List<String> search(SqliteStore store) {
        var query = Queries.words(CrashChild.ACCOUNT, Set.of(), List.of(), WORDS.stems(WORD));
        return store.search(query, Queries.BY_COVERAGE).stream()
                .map((Hit hit) -> hit.entry().key())
                .toList();
    }

    private void run(Path directory) {
        library.arm(fault);
        try {
            SqliteStore store = open(directory, alarms, SETTINGS);
            for (int i = 0; i < PUTS; i++) {
                put(store, i);
            }
            search(store, directory);
            require(!stops() || library.hits() == 0 || !alarms.stops().isEmpty(), "it did not stop");
            close(store);
        } catch (CannotOpenStoreException | UncheckedIOException e) {
            say("unopened " + e.getMessage());
        } catch (MemoryException e) {
            say("unopened " + e.code());
        } finally {
            int calls = library.calls();
            int hits = library.hits();
            library.disarm();
            say("counted " + calls + " " + hits);
            require(
                    !stops()
                            || hits == 0
                            || calls == fault.at()
                            || !fault.call().equals("sync"),
                    "it synced again");
            require(isFree(directory), "the directory is still locked");
            if (!alarms.stops().isEmpty()) {
                say("stopped");
            }
        }
    }

    private void put(SqliteStore store, int number) {
        String key = "k" + number;
        String text = key + " " + WORD + " " + "x".repeat(TEXT_CHARACTERS) + " ";
        String value = text + CrashChild.crc(text);
        boolean mayBeAcked = !stops() || library.hits() == 0;
        try {
            var vectors = new Vectorization.Ready(MODEL, List.of(new float[] {1, 0}));
            var draft = EntryDraft.of(key, Json.string(value));
            store.put(CrashChild.principal(), CrashChild.NAMESPACE, draft, vectors, CrashChild.UNLIMITED);
            acked.add(key);
            say("acked " + key + " " + CrashChild.crc(value));
            require(mayBeAcked, key + " was acknowledged after a failure of the disk");
        } catch (MemoryException e) {
            say("refused " + e.code());
        }
    }

    /// It finds everything that is acknowledged, or it says that it cannot.
    private void search(SqliteStore store, Path directory) {
        try {
            List<String> found = search(store);
            say("found " + found.size());
            require(found.containsAll(acked), "a search found " + found + " of " + acked + " in " + directory);
        } catch (MemoryException e) {
            say("unsearched " + e.code());
        }
    }

    private static void close(SqliteStore store) {
        try {
            store.close();
            say("closed");
        } catch (MemoryException e) {
            say("unclosed " + e.code());
        }
    }

    /// Whether a store must not write any more after this fault: SQLite itself would. Of a full disk only a failed
    /// sync is like that. What fails to become shorter is only longer than needed.
    private boolean stops() {
        return !fault.file().contains("index")
                && (fault.call().equals("sync") || (fault.call().equals("write") && fault.error() != Fault.NO_SPACE));
    }

    private static boolean isFree(Path directory) {
        try {
            LockedDirectory.lock(directory).close();
            return true;
        } catch (CannotOpenStoreException e) {
            return false;
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            say("said " + otherwise);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
