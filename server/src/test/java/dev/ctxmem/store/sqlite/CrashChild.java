package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.ExactIndex;
import dev.ctxmem.text.EnglishWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/// A process that writes to a store until it is killed, and notes each answer it got in a file: `key version
/// crc`, or `key version deleted`. It starts with a line on its standard input (see [#main]) and prints
/// `writing`.
final class CrashChild {
    static final UUID ACCOUNT = UUID.fromString("01900000-0000-7000-8000-000000000001");
    static final UUID KEY = UUID.fromString("01900000-0000-7000-8000-000000000002");
    static final String NAMESPACE = "crash";
    static final String DELETED = "deleted";

    /// Keys of entries that expire between two runs; nothing is promised about them but that they are whole.
    static final String SHORT_LIVED = "short-";

    static final int WRITERS = 8;
    static final int KEYS_PER_WRITER = 15;

    private static final int PADDING_MAX = 700;
    private static final int PURGE_BATCH = 5;
    static final TierLimits UNLIMITED =
            new TierLimits(Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED);

    /// With so few pages in the log checkpoints come often.
    static final int WAL_PAGES_FEW = 100;

    private final SqliteStore store;
    private final Path acks;
    private final SeededBug bug;

    private CrashChild(SqliteStore store, Path acks, SeededBug bug) {
        this.store = store;
        this.acks = acks;
        this.bug = bug;
    }

    /// Reads `directory TAB acks TAB seed TAB clock offset in seconds TAB seeded bug TAB pages of the log` from
    /// standard input.
    public static void main(String[] args) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String[] job = String.valueOf(in.readLine()).split("\t", -1);
        SqliteSettings settings = settings(Integer.parseInt(job[5]));
        SqliteStore store = open(Path.of(job[0]), Duration.ofSeconds(Long.parseLong(job[3])), settings);
        prepare(store);
        SeededBug bug = SeededBug.valueOf(job[4]);
        if (bug == SeededBug.NO_SYNC_AT_COMMIT) {
            writingSession(store).script("pragma synchronous = normal");
        }
        var child = new CrashChild(store, Path.of(job[1]), bug);
        var random = new SplittableRandom(Long.parseLong(job[2]));
        System.out.println("writing");
        System.out.flush();
        Thread.ofPlatform().daemon().start(child::purge);
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            SplittableRandom own = random.split();
            Thread.ofPlatform().start(() -> child.write(number, own));
        }
    }

    /// So small that groups are cut.
    private static SqliteSettings settings(int walPages) {
        return new SqliteSettings(
                64, 6, 1, 1, 8, 1_000, Duration.ofMillis(50), Duration.ofSeconds(30), 1024, 256, walPages);
    }

    /// Makes the account and the namespace where they are missing.
    static void prepare(SqliteStore store) {
        if (store.account(ACCOUNT).isEmpty()) {
            store.createAccount(account(), firstKey(), false);
        }
        if (store.namespace(ACCOUNT, NAMESPACE).isEmpty()) {
            store.createNamespace(principal(), NewNamespace.of(NAMESPACE), UNLIMITED);
        }
    }

    /// The clock is `offset` ahead, so that what expires soon in one run has expired in the next.
    static SqliteStore open(Path directory, Duration offset, SqliteSettings settings) {
        InstantSource clock = () -> InstantSource.system().instant().plus(offset);
        var words = new EnglishWords();
        return new SqliteStore(
                directory,
                new ExactIndex(words),
                words,
                clock,
                new UuidV7(clock, RandomGenerator.getDefault()),
                new RecordingAlarms(),
                settings);
    }

    /// No option of the program leads to it. Nothing is queued yet, so that its thread does not use it.
    private static Session writingSession(SqliteStore store) {
        try {
            var field = SqliteStore.class.getDeclaredField("writing");
            field.setAccessible(true);
            return (Session) field.get(store);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /// The checksum at the end of a value over all that stands before it.
    static String crc(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    private void write(int writer, SplittableRandom random) {
        boolean early = bug == SeededBug.ANSWER_BEFORE_COMMIT;
        var versions = new HashMap<String, Long>();
        try (OutputStream out = Files.newOutputStream(
                acks.resolve("acks-" + writer), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long number = 0; ; number++) {
                String key = "w" + writer + "-" + random.nextInt(KEYS_PER_WRITER);
                String text = key + " " + number + " " + "x".repeat(random.nextInt(PADDING_MAX)) + " ";
                String value = text + crc(text);
                long next = versions.computeIfAbsent(key, this::lastVersion) + 1;
                if (early) {
                    note(out, key, next, crc(value));
                }
                long version = store.put(principal(), NAMESPACE, draft(key, value, random), vectors(random), UNLIMITED)
                        .entry()
                        .version();
                versions.put(key, version);
                if (!early) {
                    note(out, key, version, crc(value));
                }
                if (!early && random.nextInt(10) == 0) {
                    store.delete(principal(), NAMESPACE, key);
                    versions.put(key, version + 1);
                    note(out, key, version + 1, DELETED);
                }
                if (random.nextInt(10) == 0) {
                    store.put(
                            principal(),
                            NAMESPACE,
                            shortLived(SHORT_LIVED + writer + "-" + number % KEYS_PER_WRITER, value),
                            new Vectorization.Pending(),
                            UNLIMITED);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void purge() {
        while (true) {
            store.purgeExpired(PURGE_BATCH);
            Thread.onSpinWait();
        }
    }

    private long lastVersion(String key) {
        return store.get(ACCOUNT, NAMESPACE, key).map(entry -> entry.version()).orElse(0L);
    }

    private static void note(OutputStream out, String key, long version, String outcome) throws IOException {
        out.write((key + " " + version + " " + outcome + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static EntryDraft draft(String key, String value, SplittableRandom random) {
        List<String> tags = random.nextBoolean() ? List.of() : List.of("tag-" + random.nextInt(5), "all");
        return new EntryDraft(key, Json.string(value), tags, Json.EMPTY_OBJECT, random.nextDouble(), TimeToLive.KEEP);
    }

    private static EntryDraft shortLived(String key, String value) {
        return new EntryDraft(key, Json.string(value), List.of("short"), Json.EMPTY_OBJECT, 0.5, TimeToLive.seconds(1));
    }

    private static Vectorization vectors(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> new Vectorization.None();
            case 1 -> new Vectorization.Pending();
            default -> new Vectorization.Ready(new EmbeddingModel("crash-model", 2), List.of(new float[] {1, 0}));
        };
    }

    static Principal principal() {
        return TestPrincipals.of(ACCOUNT, KEY, "req_crash");
    }

    /// What a test must notice.
    enum SeededBug {
        NONE,
        /// Of puts alone, whose next version is known.
        ANSWER_BEFORE_COMMIT,
        /// `synchronous = normal`: SQLite syncs the log at checkpoints only.
        NO_SYNC_AT_COMMIT
    }

    private static Account account() {
        return new Account(ACCOUNT, "crash@example.com", null, Tier.TEAM, Instant.EPOCH);
    }

    private static KeyRecord firstKey() {
        var key = new ApiKey(KEY, "ctx_", "first", Scope.all(), Set.of(), null, null, null, Instant.EPOCH);
        return new KeyRecord(key, ACCOUNT, null, "hash");
    }
}
