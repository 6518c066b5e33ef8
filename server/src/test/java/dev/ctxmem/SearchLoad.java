package dev.ctxmem;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.process.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Callers who search and write without a pause; every search must find its entry, and vectors must count.
final class SearchLoad implements AutoCloseable {
    private static final int WRITERS = 4;
    private static final String NAMESPACE = "notes";
    private static final List<String> ANIMALS = List.of("otter", "heron", "badger", "lynx", "marten", "stork", "viper");
    private static final List<String> PLACES = List.of("river", "meadow", "quarry", "harbour", "orchard", "glacier");

    private final int entries;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger searches = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    /// In what [#fill] made.
    SearchLoad(int entries, int callers, Supplier<HttpMemories> memories) {
        this.entries = entries;
        for (int caller = 0; caller < callers; caller++) {
            int seed = caller;
            HttpMemories own = memories.get();
            threads.add(Thread.ofPlatform().start(() -> work(own, seed)));
        }
    }

    void awaitMore() {
        int target = searches.get() + 20;
        while (searches.get() < target && failures.isEmpty()) {
            Thread.onSpinWait();
        }
    }

    /// How many were answered.
    int searches() {
        return searches.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    private void work(HttpMemories own, int seed) {
        var random = new SplittableRandom(seed);
        try (HttpMemories memories = own) {
            for (int i = 0; !stopped.get(); i++) {
                int number = random.nextInt(entries);
                List<Hit> hits = search(memories, number);
                boolean found = hits.stream().anyMatch(hit -> hit.entry().key().equals(key(number)));
                if (!found || !isByMeaning(hits)) {
                    failures.add(key(number) + " found: " + found + ", " + hits);
                }
                searches.incrementAndGet();
                if (i % 10 == 0) {
                    memories.put(NAMESPACE, EntryDraft.of(key(number), Json.string(text(number))));
                }
            }
        } catch (RuntimeException e) {
            failures.add(e.toString());
        }
    }

    @Override
    public void close() {
        stopped.set(true);
        Threads.join(threads);
    }

    static void fill(HttpMemories memories, int entries) {
        memories.createNamespace(NewNamespace.of(NAMESPACE));
        var next = new AtomicInteger();
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                all.add(writers.submit(() -> {
                    for (int n = next.getAndIncrement(); n < entries; n = next.getAndIncrement()) {
                        memories.put(NAMESPACE, EntryDraft.of(key(n), Json.string(text(n))));
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /// Mostly words, however large the number is: what looks made by a machine is no part of the text that is
    /// embedded.
    private static String key(int number) {
        return FakeProvider.ENTRY + "-made-in-season-" + number;
    }

    private static String text(int number) {
        return "the " + ANIMALS.get(number % ANIMALS.size()) + " was seen at the " + PLACES.get(number % PLACES.size())
                + " in season " + number;
    }

    static List<Hit> search(HttpMemories memories, int number) {
        return memories.search(new SearchQuery(text(number), NAMESPACE, 10, 0, List.of(), true))
                .results();
    }

    static boolean isByMeaning(List<Hit> hits) {
        return hits.stream()
                .anyMatch(hit -> hit.explanation() != null && hit.explanation().cosine() != null);
    }
}
