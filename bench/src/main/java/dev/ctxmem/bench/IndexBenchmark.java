package dev.ctxmem.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.store.SearchIndex.Change;
import dev.ctxmem.store.SearchIndex.Document;
import dev.ctxmem.store.SearchIndex.Query;
import dev.ctxmem.store.lucene.LuceneIndex;
import dev.ctxmem.text.EnglishWords;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// What the search index costs, with made-up entries: inserts, searches by vector and by words in accounts of
/// several sizes, searches after every write, and opening. Arguments: the dimension (384), and the accounts'
/// sizes (20000 50000 100000).
public final class IndexBenchmark {
    private static final int VOCABULARY = 50_000;
    private static final int LETTERS = 26;
    private static final int WORDS_PER_ENTRY = 30;
    private static final int WORDS_PER_QUESTION = 6;
    private static final int TOPICS = 500;
    private static final int BATCH = 128;
    private static final int CANDIDATES = 100;
    private static final int ROUNDS = 200;
    private static final long IDLE_NANOS = 2_000_000_000;

    private final Random random = new Random(42);
    private final EmbeddingModel model;
    private final float[][] topics;
    private final EnglishWords words = new EnglishWords();
    private long rows;

    private IndexBenchmark(int dimension) {
        model = new EmbeddingModel("made-up", dimension);
        topics = new float[TOPICS][dimension];
        for (float[] topic : topics) {
            for (int i = 0; i < dimension; i++) {
                topic[i] = (float) random.nextGaussian();
            }
        }
    }

    public static void main(String[] args) throws IOException {
        int dimension = args.length > 0 ? Integer.parseInt(args[0]) : 384;
        List<Integer> sizes = args.length > 1
                ? Arrays.stream(args).skip(1).map(Integer::valueOf).toList()
                : List.of(20_000, 50_000, 100_000);
        Path directory = Files.createTempDirectory("index-benchmark");
        try {
            new IndexBenchmark(dimension).run(directory, sizes);
        } finally {
            deleteTree(directory);
        }
    }

    private void run(Path directory, List<Integer> sizes) throws IOException {
        var accounts = new ArrayList<UUID>();
        try (LuceneIndex index = LuceneIndex.open(directory, words)) {
            for (int size : sizes) {
                accounts.add(fill(index, size));
            }
            long start = System.nanoTime();
            index.commit();
            print("commit", millis(start), "ms");
            print("merges after that", awaitIdle(), "ms of processor");
            for (int i = 0; i < sizes.size(); i++) {
                search(index, accounts.get(i), sizes.get(i));
            }
            mixed(index, accounts.getFirst());
            mixedAtOnce(index, accounts.getFirst());
        }
        print("disk", bytes(directory) / (double) rows, "bytes/entry");
        long start = System.nanoTime();
        LuceneIndex.open(directory, words).close();
        print("open and close", millis(start), "ms");
        print("memory", residentMegabytes(), "MB resident");
    }

    private UUID fill(LuceneIndex index, int size) {
        UUID account = new UUID(random.nextLong(), random.nextLong());
        long nanos = 0;
        long cpu = cpuNanos();
        for (int done = 0; done < size; done += BATCH) {
            var batch = new ArrayList<Change>();
            for (int i = 0; i < Math.min(BATCH, size - done); i++) {
                batch.add(new Change.Put(entry(account, ++rows)));
            }
            long start = System.nanoTime();
            index.apply(batch, rows);
            nanos += System.nanoTime() - start;
        }
        print("insert " + size, size * 1e9 / nanos, "entries/s");
        print("  processor", (cpuNanos() - cpu) / 1e3 / size, "µs/entry, making it up included");
        return account;
    }

    private void search(LuceneIndex index, UUID account, int size) {
        time("words of " + size, i -> index.candidates(query(account, question(), null)));
        time("vectors of " + size, i -> index.candidates(query(account, List.of(), vector())));
        time("both of " + size, i -> index.candidates(query(account, question(), vector())));
    }

    private void mixed(LuceneIndex index, UUID account) {
        time("write, then search", i -> {
            index.apply(List.of(new Change.Put(entry(account, 1 + random.nextInt((int) rows)))), ++rows);
            index.candidates(query(account, question(), vector()));
        });
    }

    /// One thread writes one by one, another searches; the searches refresh.
    private void mixedAtOnce(LuceneIndex index, UUID account) {
        var stop = new AtomicBoolean();
        var searches = new AtomicLong();
        List<Query> queries = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            queries.add(query(account, question(), vector()));
        }
        Thread searcher = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                index.candidates(queries.get((int) (searches.getAndIncrement() % ROUNDS)));
            }
        });
        long start = System.nanoTime();
        int writes = 0;
        while (millis(start) < 5_000) {
            index.apply(List.of(new Change.Put(entry(account, ++rows))), rows);
            writes++;
            if (writes % 1000 == 0) {
                index.commit();
            }
        }
        double seconds = millis(start) / 1000;
        stop.set(true);
        try {
            searcher.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        print("at once: writes", writes / seconds, "/s");
        print("at once: searches", searches.get() / seconds, "/s");
    }

    private static void time(String what, IntConsumer action) {
        var millis = new double[ROUNDS];
        long cpu = 0;
        for (int i = -ROUNDS; i < ROUNDS; i++) {
            cpu = i == 0 ? cpuNanos() : cpu;
            long start = System.nanoTime();
            action.accept(i);
            if (i >= 0) {
                millis[i] = millis(start);
            }
        }
        double cpuMillis = (cpuNanos() - cpu) / 1e6 / ROUNDS;
        Arrays.sort(millis);
        System.out.printf(
                "%-24s best %8.2f ms, median %8.2f ms, 99 %% %8.2f ms, processor %8.2f ms%n",
                what, millis[0], millis[ROUNDS / 2], millis[ROUNDS * 99 / 100], cpuMillis);
    }

    private Query query(UUID account, List<String> stems, float @Nullable [] vector) {
        return new Query(account, Set.of(), List.of(), stems, vector, model, CANDIDATES);
    }

    private Document entry(UUID account, long row) {
        var text = new StringBuilder();
        for (int i = 0; i < WORDS_PER_ENTRY; i++) {
            text.append(word()).append(' ');
        }
        return new Document(row, account, 1, List.of("tag" + row % 10), text.toString(), model, List.of(vector()));
    }

    private List<String> question() {
        var text = new StringBuilder();
        for (int i = 0; i < WORDS_PER_QUESTION; i++) {
            text.append(word()).append(' ');
        }
        return words.queryStems(text.toString());
    }

    /// Words are as frequent as in Zipf's law, and of letters alone.
    private String word() {
        int rank = (int) Math.exp(random.nextDouble() * Math.log(VOCABULARY));
        var word = new StringBuilder("w");
        for (int rest = rank; rest > 0; rest /= LETTERS) {
            word.append((char) ('a' + rest % LETTERS));
        }
        return word.toString();
    }

    private float[] vector() {
        float[] topic = topics[random.nextInt(TOPICS)];
        var vector = new float[topic.length];
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = topic[i] + (float) random.nextGaussian();
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    /// Waits until merges have stopped, and tells what they took.
    private static double awaitIdle() {
        long start = cpuNanos();
        long before;
        do {
            before = cpuNanos();
            LockSupport.parkNanos(IDLE_NANOS);
        } while (cpuNanos() - before > IDLE_NANOS / 50);
        return (before - start) / 1e6;
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private static void print(String what, double figure, String unit) {
        System.out.printf("%-24s %,12.1f %s%n", what, figure, unit);
    }

    private static long bytes(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static double residentMegabytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
