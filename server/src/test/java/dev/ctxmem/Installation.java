package dev.ctxmem;

import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.LocalServer;
import dev.ctxmem.config.Config;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.store.postgres.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store of its own with the whole program around it: its server in this process, or the operator's commands beside
/// it.
final class Installation implements AutoCloseable {
    static final String VERSION = "1.2.3";

    private final Path home;
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable TestDatabase database;
    private @Nullable String key;

    Installation(Path home) {
        this.home = home;
        settings.put("CTX_DATA_DIR", home.resolve("data").toString());
        settings.put("EMBEDDING_PROVIDER", "none");
        settings.put("PORT", "0");
        settings.put("LOG_LEVEL", "error");
    }

    /// In a data directory, or in a database that is there until [#close].
    static Installation of(StoreKind kind, Path home) {
        try {
            var installation = new Installation(Files.createDirectory(home));
            if (kind == StoreKind.POSTGRES) {
                installation.use(TestDatabase.create());
            }
            return installation;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void use(TestDatabase fresh) {
        database = fresh;
        with("DATABASE_URL", fresh.url()).with("CTX_ALLOW_UNSAFE_DATABASE", "true");
    }

    /// Another one on the same database, with the same account.
    Installation another(Path otherHome) {
        var other = new Installation(otherHome);
        other.settings.putAll(settings);
        other.with("CTX_DATA_DIR", otherHome.resolve("data").toString());
        other.key = key;
        return other;
    }

    TestDatabase database() {
        return Objects.requireNonNull(database);
    }

    Installation with(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /// As environment variables.
    Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    Path data() {
        return home.resolve("data");
    }

    App serve() {
        return App.start(config(), VERSION, InstantSource.system(), cause -> {
            throw new AssertionError(cause);
        });
    }

    /// With the local user's key, or one of an account that was made for it.
    synchronized HttpMemories memories(App app) {
        if (app.localKey().isPresent()) {
            return memories(app, app.localKey().get());
        }
        if (key == null) {
            try (var operator = new RemoteOperator(server(app))) {
                key = operator.createAccount(new NewAccount("ann@example.com", "Ann"), Tier.TEAM)
                        .apiKey();
            }
        }
        return memories(app, key);
    }

    static HttpMemories memories(App app, String key) {
        return new HttpMemories(Endpoint.at(app.localUrl().toString()), key);
    }

    /// Through the running server; fails as the task does.
    static TaskStatus run(App app, StoreTask task) {
        try (var operator = new RemoteOperator(server(app))) {
            TaskStatus status = operator.run(task, now -> {});
            status.require();
            return status;
        }
    }

    private static LocalServer server(App app) {
        return new LocalServer(
                app.localUrl(),
                app.localKey().orElse(null),
                app.operatorKey(),
                ProcessHandle.current().pid());
    }

    /// While no server runs; fails as the task does.
    TaskStatus run(StoreTask task) {
        try (var operator = new DirectOperator(config(), VERSION, InstantSource.system())) {
            TaskStatus status = operator.run(task, now -> {});
            status.require();
            return status;
        }
    }

    /// Why a task fails.
    MemoryException failure(StoreTask task) {
        try {
            run(task);
        } catch (MemoryException e) {
            return e;
        }
        throw new AssertionError("The task succeeded.");
    }

    /// Everything in the store, while no server runs.
    List<ArchiveItem> items() {
        return open(store -> {
            var items = new ArrayList<ArchiveItem>();
            store.archive().exportTo(new Archive.Sink() {
                @Override
                public void expect(long count) {}

                @Override
                public void accept(ArchiveItem item) {
                    items.add(item);
                }

                @Override
                public void damaged(String namespace, String key, long version) {
                    throw new AssertionError(key + " is damaged");
                }
            });
            return items;
        });
    }

    /// The store alone.
    <T> T open(Function<StoreParts, T> use) {
        try (App.OpenAccounts opened = App.accounts(config(), VERSION, InstantSource.system())) {
            return use.apply(opened.store());
        }
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
    }

    Config config() {
        return Config.read(Map.of(), settings, home);
    }
}
