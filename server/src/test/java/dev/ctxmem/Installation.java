package dev.ctxmem;

import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.LocalServer;
import dev.ctxmem.config.Config;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A data directory of its own with the whole program around it: its server in this process, or the operator's
/// commands beside it.
final class Installation {
    static final String VERSION = "1.2.3";

    private final Path home;
    private final Map<String, String> settings = new HashMap<>();

    Installation(Path home) {
        this.home = home;
        settings.put("CTX_DATA_DIR", home.resolve("data").toString());
        settings.put("EMBEDDING_PROVIDER", "none");
        settings.put("PORT", "0");
        settings.put("LOG_LEVEL", "error");
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

    static HttpMemories memories(App app) {
        return memories(app, app.localKey());
    }

    static HttpMemories memories(App app, String key) {
        return new HttpMemories(Endpoint.at(app.localUrl().toString()), key);
    }

    /// Through the running server; fails as the task does.
    static TaskStatus run(App app, StoreTask task) {
        var server = new LocalServer(
                app.localUrl(),
                app.localKey(),
                app.operatorKey(),
                ProcessHandle.current().pid());
        try (var operator = new RemoteOperator(server)) {
            TaskStatus status = operator.run(task, now -> {});
            status.require();
            return status;
        }
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
        return open(archive -> {
            var items = new ArrayList<ArchiveItem>();
            archive.exportTo(new Archive.Sink() {
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

    private <T> T open(Function<Archive, T> use) {
        try (App.OpenAccounts opened = App.accounts(config(), VERSION, InstantSource.system())) {
            return use.apply(((StoreParts.Embedded) opened.store()).store());
        }
    }

    Config config() {
        return Config.read(Map.of(), settings, home);
    }
}
