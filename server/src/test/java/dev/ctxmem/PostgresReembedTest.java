package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.EmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only several instances have, and the column of the vectors.
class PostgresReembedTest {
    private static final int ENTRIES = 200;
    private static final String COLUMN = """
            select format_type(atttypid, atttypmod) from pg_attribute
            where attrelid = 'entries'::regclass and attname = 'embedding'
            """;

    @TempDir
    Path directory;

    private Installation installation;

    @BeforeEach
    void prepare() {
        installation = Installation.of(StoreKind.POSTGRES, directory.resolve("home"))
                .with("EMBEDDING_DEADLINE", "10s")
                .with("TIERS", "{\"team\":{\"requests_per_minute\":-1}}");
    }

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void anotherInstance_followsWithoutAFailedSearch() throws IOException {
        try (var provider = new FakeProvider(Integer.MAX_VALUE)) {
            installation
                    .with("EMBEDDING_PROVIDER", "local")
                    .with("EMBEDDING_MODEL", "all-MiniLM-L6-v2")
                    .with("OPENAI_BASE_URL", provider.url());
            try (App one = installation.serve();
                    HttpMemories memories = installation.memories(one)) {
                SearchLoad.fill(memories, ENTRIES);
                Installation beside = installation.another(Files.createDirectory(directory.resolve("other")));
                try (App two = beside.serve();
                        HttpMemories others = beside.memories(two);
                        var load = new SearchLoad(ENTRIES, 2, () -> beside.memories(two))) {
                    load.awaitMore();
                    Installation.run(one, new StoreTask.Reembed("openai", FakeProvider.MODEL, null));
                    load.awaitMore();
                    assertEquals(List.of(), load.failures());
                    // The other instance looks once a second whether the column has the dimension that it lacked.
                    do {
                        others.put("notes", EntryDraft.of("after", Json.string("what the other instance wrote")));
                    } while (inColumn("after").isEmpty());
                }
            }
            assertEquals(Set.of(provider.model()), models());
            assertEquals(List.of("vector(1536)"), installation.database().query(COLUMN));
        }
    }

    @Test
    void aDimensionThatTheProviderTellsLate_isThatOfTheColumn() {
        try (var provider = new FakeProvider(Integer.MAX_VALUE, 700)) {
            installation
                    .with("EMBEDDING_PROVIDER", "openai")
                    .with("EMBEDDING_MODEL", FakeProvider.MODEL)
                    .with("OPENAI_BASE_URL", provider.url());
            try (App app = installation.serve();
                    HttpMemories memories = installation.memories(app)) {
                memories.createNamespace(NewNamespace.of("notes"));
                memories.put("notes", EntryDraft.of("first", Json.string("the first text")));
                while (!installation.database().query(COLUMN).equals(List.of("vector(700)"))) {
                    Thread.onSpinWait();
                }
                memories.put("notes", EntryDraft.of("next", Json.string("the next text")));
                assertEquals(List.of("next"), inColumn("next"));
                assertTrue(SearchLoad.isByMeaning(SearchLoad.search(memories, 1)));
            }
            assertEquals(Set.of(provider.model()), models());
        }
    }

    private List<String> inColumn(String key) {
        return installation
                .database()
                .query("select key from entries where embedding is not null and key = '" + key + "'");
    }

    private Set<EmbeddingModel> models() {
        return installation.items().stream()
                .filter(item -> item instanceof ArchiveItem.OfEntry)
                .flatMap(item -> ((ArchiveItem.OfEntry) item).vectors().stream())
                .map(vectors -> vectors.model())
                .collect(Collectors.toSet());
    }
}
