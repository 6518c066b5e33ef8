package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.MemoryStore.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store in use moves from the model in the process to one of a remote provider. `-Dctx.reembed.entries=20000` runs
/// it at full size.
class ReembedTest {
    private static final int ENTRIES = Integer.getInteger("ctx.reembed.entries", 300);
    private static final int CALLERS = 2;
    private static final String NAMESPACE = "notes";
    private static final List<String> ANIMALS = List.of("otter", "heron", "badger", "lynx", "marten", "stork", "viper");
    private static final List<String> PLACES = List.of("river", "meadow", "quarry", "harbour", "orchard", "glacier");
    private static final StoreTask MOVE = new StoreTask.Reembed("openai", FakeProvider.MODEL, null);

    @TempDir
    Path directory;

    private Installation installation;

    @BeforeEach
    void prepare() throws IOException {
        installation = new Installation(Files.createDirectory(directory.resolve("home")))
                .with("EMBEDDING_PROVIDER", "local")
                .with("EMBEDDING_MODEL", "all-MiniLM-L6-v2")
                .with("EMBEDDING_DEADLINE", "10s")
                .with("TIERS", "{\"team\":{\"requests_per_minute\":-1}}");
    }

    @Test
    void aStoreInUse_movesWithoutAFailedSearch() {
        try (var provider = new FakeProvider(Integer.MAX_VALUE)) {
            installation.with("OPENAI_BASE_URL", provider.url());
            try (App app = installation.serve();
                    HttpMemories memories = Installation.memories(app)) {
                fill(memories, ENTRIES);
                try (var load = new SearchLoad(app)) {
                    load.awaitMore();
                    TaskStatus status = Installation.run(app, MOVE);
                    load.awaitMore();
                    assertTrue(
                            status.notes().stream().anyMatch(note -> note.contains("EMBEDDING_MODEL=fake-1536")),
                            () -> status.toString());
                    assertEquals(List.of(), load.failures());
                }
                assertTrue(isByMeaning(search(memories, 7)), "by the new vectors");
            }
            assertEquals(List.of(new EmbeddingModel(FakeProvider.MODEL, FakeProvider.DIMENSION)), models());
        }
    }

    @Test
    void afterAKillInTheMiddle_theSameCommandGoesOn() {
        int before = ENTRIES / 2;
        try (var provider = new FakeProvider(before)) {
            installation.with("OPENAI_BASE_URL", provider.url());
            try (App app = installation.serve();
                    HttpMemories memories = Installation.memories(app)) {
                fill(memories, ENTRIES);
            }
            try (KilledProgram program = KilledProgram.start(
                    installation, "reembed", "--provider", "openai", "--model", FakeProvider.MODEL)) {
                program.killWhen(provider::isWaitedFor);
            }
            int done = provider.embedded();
            assertTrue(done > 0 && done <= before, "embedded before the kill: " + done);
            provider.open();
            installation.run(MOVE);
            assertEquals(List.of(new EmbeddingModel(FakeProvider.MODEL, FakeProvider.DIMENSION)), models());
            int again = provider.embedded() - ENTRIES;
            assertTrue(again < done, "embedded twice: " + again + " of " + done);
        }
    }

    @Test
    void aProviderOrAModelThatIsNot_changesNothing() {
        try (App app = installation.serve();
                HttpMemories memories = Installation.memories(app)) {
            fill(memories, 3);
            for (StoreTask task : List.of(
                    new StoreTask.Reembed("none", null, null),
                    new StoreTask.Reembed("local", "no-such-model", null),
                    new StoreTask.Reembed("com.example.NoSuchClass", null, null))) {
                MemoryException failure = assertThrows(MemoryException.class, () -> Installation.run(app, task));
                assertEquals(ErrorCode.INVALID_VALUE, failure.code(), failure.detail());
            }
            assertTrue(isByMeaning(search(memories, 1)));
        }
    }

    @Test
    void anotherModelAtTheStart_isToldWithTheCommand() {
        var now = new EmbeddingModel("bge-small-en-v1.5", 384);
        var other = new EmbeddingModel("all-MiniLM-L6-v2", 384);
        assertTrue(ModelCheck.message(now, List.of(new StoredModel(now, 5))).isEmpty());
        assertTrue(ModelCheck.message(now, List.of()).isEmpty());
        assertEquals(
                "3 entries have vectors of another model (all-MiniLM-L6-v2, 384 dimensions) than the one in use"
                        + " (bge-small-en-v1.5, 384 dimensions): until they are moved they are found by words. Run"
                        + " 'ctx reembed' to move them, or go back to the old model.",
                ModelCheck.message(now, List.of(new StoredModel(now, 5), new StoredModel(other, 3)))
                        .orElseThrow());
    }

    private static void fill(HttpMemories memories, int entries) {
        memories.createNamespace(NewNamespace.of(NAMESPACE));
        for (int i = 0; i < entries; i++) {
            memories.put(NAMESPACE, EntryDraft.of("note-" + i, Json.string(text(i))));
        }
    }

    private static String text(int number) {
        return "the " + ANIMALS.get(number % ANIMALS.size()) + " was seen at the " + PLACES.get(number % PLACES.size())
                + " in season " + number;
    }

    private static List<Hit> search(HttpMemories memories, int number) {
        return memories.search(new SearchQuery(text(number), NAMESPACE, 10, 0, List.of(), true))
                .results();
    }

    private static boolean isByMeaning(List<Hit> hits) {
        return hits.stream()
                .anyMatch(hit -> hit.explanation() != null && hit.explanation().cosine() != null);
    }

    private List<EmbeddingModel> models() {
        return installation.items().stream()
                .filter(item -> item instanceof ArchiveItem.OfEntry)
                .flatMap(item -> ((ArchiveItem.OfEntry) item).vectors().stream())
                .map(vectors -> vectors.model())
                .distinct()
                .toList();
    }

    /// Callers who search and write without a pause; every search must find its entry, and vectors must count.
    private static final class SearchLoad implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicInteger searches = new AtomicInteger();
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();

        SearchLoad(App app) {
            for (int caller = 0; caller < CALLERS; caller++) {
                int seed = caller;
                threads.add(Thread.ofPlatform().start(() -> search(app, seed)));
            }
        }

        void awaitMore() {
            int target = searches.get() + 20;
            while (searches.get() < target && failures.isEmpty()) {
                Thread.onSpinWait();
            }
        }

        List<String> failures() {
            return List.copyOf(failures);
        }

        private void search(App app, int seed) {
            var random = new SplittableRandom(seed);
            try (HttpMemories memories = Installation.memories(app)) {
                for (int i = 0; !stopped.get(); i++) {
                    int number = random.nextInt(ENTRIES);
                    List<Hit> hits = ReembedTest.search(memories, number);
                    boolean found =
                            hits.stream().anyMatch(hit -> hit.entry().key().equals("note-" + number));
                    if (!found || !isByMeaning(hits)) {
                        failures.add("note-" + number + " found: " + found + ", " + hits);
                    }
                    searches.incrementAndGet();
                    if (i % 10 == 0) {
                        memories.put(NAMESPACE, EntryDraft.of("note-" + number, Json.string(text(number))));
                    }
                }
            } catch (RuntimeException e) {
                failures.add(e.toString());
            }
        }

        @Override
        public void close() {
            stopped.set(true);
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }
}
