package dev.ctxmem;

import dev.ctxmem.config.ConfigException;
import dev.ctxmem.config.EmbeddingConfig;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Embeddings;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.Meaning;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The embedder that serves now. A store that moves to another model has this server and every other instance change
/// over while they run; who works with the old one meanwhile finishes with it.
final class EmbeddingsInUse implements AutoCloseable {
    private static final Logger LOG = System.getLogger(EmbeddingsInUse.class.getName());

    private final AccountStore settings;
    private final Function<EmbeddingConfig, EmbeddingParts> opener;
    private volatile EmbeddingParts parts;
    private volatile EmbeddingConfig config;
    private String seen;

    /// Closed one round after it was replaced, when nobody uses it any more.
    private @Nullable EmbeddingParts retired;

    /// Starts with what is configured, whatever was in force before: `first`, which is this one's from now on.
    EmbeddingsInUse(
            EmbeddingConfig config,
            EmbeddingParts first,
            AccountStore settings,
            Function<EmbeddingConfig, EmbeddingParts> opener) {
        this.settings = settings;
        this.opener = opener;
        this.config = config;
        parts = first;
        seen = settings.setting(Generations.SETTING).orElse("");
    }

    Meaning meaning() {
        EmbeddingParts now = parts;
        return new Meaning(now.embeddings(), now.ranking());
    }

    Embeddings embeddings() {
        return parts.embeddings();
    }

    EmbeddingParts parts() {
        return parts;
    }

    EmbeddingConfig config() {
        return config;
    }

    /// An embedder that does not serve yet. [ConfigException].
    EmbeddingParts open(EmbeddingConfig wanted) {
        return opener.apply(wanted);
    }

    /// Runs `inStore`, which puts `next` in force for every instance, and lets it serve here; it belongs to this from
    /// now on. The old one is returned: who still uses it may finish.
    synchronized EmbeddingParts change(EmbeddingConfig wanted, EmbeddingParts next, Runnable inStore) {
        inStore.run();
        EmbeddingParts old = parts;
        parts = next;
        config = wanted;
        seen = setting();
        return old;
    }

    /// Follows a switch that another instance made. False always: asked again after a pause.
    synchronized boolean follow() {
        if (retired != null) {
            retired.close();
            retired = null;
        }
        String now = setting();
        if (now.equals(seen)) {
            return false;
        }
        seen = now;
        EmbeddingConfig wanted = announced(now);
        if (wanted.equals(config)) {
            return false;
        }
        try {
            retired = change(wanted, opener.apply(wanted), () -> {});
            LOG.log(Level.INFO, "The store has moved to " + wanted + ", and so has this instance.");
        } catch (ConfigException e) {
            LOG.log(
                    Level.ERROR,
                    "The store has moved to " + wanted + ", which this instance cannot use; it searches by words: "
                            + e.getMessage());
        }
        return false;
    }

    private String setting() {
        return settings.setting(Generations.SETTING).orElse("");
    }

    /// What other instances are told of `wanted`; keys are each instance's own.
    static String announcement(EmbeddingConfig wanted, EmbeddingModel model) {
        return new JsonWriter()
                .beginObject()
                .member("provider", wanted.provider())
                .member("model", wanted.model().orElse(model.name()))
                .member("dimensions", wanted.dimensions().map(String::valueOf).orElse(null))
                .endObject()
                .toString();
    }

    private EmbeddingConfig announced(String text) {
        Map<String, Json> members = Json.parse(text).members();
        return config.with(
                string(members, "provider").orElse(config.provider()),
                string(members, "model"),
                string(members, "dimensions").map(Integer::valueOf));
    }

    private static Optional<String> string(Map<String, Json> members, String name) {
        return Optional.ofNullable(members.get(name)).filter(Json::isString).map(Json::asString);
    }

    @Override
    public synchronized void close() {
        if (retired != null) {
            retired.close();
        }
        parts.close();
    }
}
