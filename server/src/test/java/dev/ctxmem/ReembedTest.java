package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.MemoryStore.StoredModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A store in use moves from the model in the process to one of a remote provider. `-Psoak` runs it at full
/// size, 20,000 entries.
@ParameterizedClass
@EnumSource(StoreKind.class)
class ReembedTest {
    private static final int ENTRIES = Integer.getInteger("ctx.reembed.entries", 300);
    private static final int CALLERS = 2;
    private static final StoreTask MOVE = new StoreTask.Reembed("openai", FakeProvider.MODEL, null);

    @Parameter
    StoreKind kind;

    @TempDir
    Path directory;

    private Installation installation;

    @BeforeEach
    void prepare() {
        installation = Installation.of(kind, directory.resolve("home"))
                .with("EMBEDDING_PROVIDER", "local")
                .with("EMBEDDING_MODEL", "all-MiniLM-L6-v2")
                .with("EMBEDDING_DEADLINE", "10s")
                .with("TIERS", "{\"team\":{\"requests_per_minute\":-1}}");
    }

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void aStoreInUse_movesWithoutAFailedSearch() {
        try (var provider = new FakeProvider(Integer.MAX_VALUE)) {
            installation.with("OPENAI_BASE_URL", provider.url());
            try (App app = installation.serve();
                    HttpMemories memories = installation.memories(app)) {
                SearchLoad.fill(memories, ENTRIES);
                try (var load = new SearchLoad(ENTRIES, CALLERS, () -> installation.memories(app))) {
                    load.awaitMore();
                    long start = System.nanoTime();
                    TaskStatus status = Installation.run(app, MOVE);
                    load.awaitMore();
                    tell(
                            "moved in use",
                            start,
                            load.searches() + " searches, " + load.failures().size() + " failed");
                    assertTrue(
                            status.notes().stream().anyMatch(note -> note.contains("EMBEDDING_MODEL=fake-1536")),
                            () -> status.toString());
                    assertEquals(List.of(), load.failures());
                }
                assertTrue(SearchLoad.isByMeaning(SearchLoad.search(memories, 7)), "by the new vectors");
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
                    HttpMemories memories = installation.memories(app)) {
                SearchLoad.fill(memories, ENTRIES);
            }
            try (KilledProgram program = KilledProgram.start(
                    installation, "reembed", "--provider", "openai", "--model", FakeProvider.MODEL)) {
                program.killWhen(provider::isWaitedFor);
            }
            int done = provider.embedded();
            assertTrue(done > 0 && done <= before, "embedded before the kill: " + done);
            provider.open();
            long start = System.nanoTime();
            installation.run(MOVE);
            tell("moved after a kill", start, done + " embedded before it, " + (provider.embedded() - done) + " after");
            assertEquals(List.of(new EmbeddingModel(FakeProvider.MODEL, FakeProvider.DIMENSION)), models());
            int again = provider.embedded() - ENTRIES;
            assertTrue(again < done, "embedded twice: " + again + " of " + done);
        }
    }

    @Test
    void aProviderOrAModelThatIsNot_changesNothing() {
        try (App app = installation.serve();
                HttpMemories memories = installation.memories(app)) {
            SearchLoad.fill(memories, 3);
            for (StoreTask task : List.of(
                    new StoreTask.Reembed("none", null, null),
                    new StoreTask.Reembed("local", "no-such-model", null),
                    new StoreTask.Reembed("com.example.NoSuchClass", null, null))) {
                MemoryException failure = assertThrows(MemoryException.class, () -> Installation.run(app, task));
                assertEquals(ErrorCode.INVALID_VALUE, failure.code(), failure.detail());
            }
            assertTrue(SearchLoad.isByMeaning(SearchLoad.search(memories, 1)));
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

    private void tell(String what, long startNanos, String figures) {
        long seconds = Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
        System.out.println(kind + ": " + ENTRIES + " entries " + what + " in " + seconds + " s; " + figures);
    }

    private List<EmbeddingModel> models() {
        return installation.items().stream()
                .filter(item -> item instanceof ArchiveItem.OfEntry)
                .flatMap(item -> ((ArchiveItem.OfEntry) item).vectors().stream())
                .map(vectors -> vectors.model())
                .distinct()
                .toList();
    }
}
