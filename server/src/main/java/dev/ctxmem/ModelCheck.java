package dev.ctxmem;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.memory.MemoryStore.StoredModel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What is to be done once, as soon as the model in use is known, which a remote provider tells with its first
/// vector: the store makes room for its vectors, and what was embedded by another one is told.
final class ModelCheck {
    private static final Logger LOG = System.getLogger(ModelCheck.class.getName());

    private final MemoryStore store;
    private final Supplier<Optional<EmbeddingModel>> model;
    private final Consumer<EmbeddingModel> adapter;
    private boolean done;

    /// `adapter` makes room in the store.
    ModelCheck(MemoryStore store, Supplier<Optional<EmbeddingModel>> model, Consumer<EmbeddingModel> adapter) {
        this.store = store;
        this.model = model;
        this.adapter = adapter;
    }

    /// False always: asked again after a pause, until the model is known.
    boolean run() {
        Optional<EmbeddingModel> now = done ? Optional.empty() : model.get();
        if (now.isPresent()) {
            done = true;
            adapter.accept(now.get());
            message(now.get(), store.models()).ifPresent(message -> LOG.log(Level.WARNING, message));
        }
        return false;
    }

    /// Empty when all is well.
    static Optional<String> message(EmbeddingModel now, List<StoredModel> stored) {
        long others = stored.stream()
                .filter(each -> !each.model().equals(now))
                .mapToLong(StoredModel::entries)
                .sum();
        return stored.stream()
                .filter(each -> !each.model().equals(now))
                .findFirst()
                .map(other -> others + " entries have vectors of another model ("
                        + other.model().name() + ", "
                        + other.model().dimension() + " dimensions) than the one in use (" + now.name() + ", "
                        + now.dimension() + " dimensions): until they are moved they are found by words. Run"
                        + " 'ctx reembed' to move them, or go back to the old model.");
    }
}
