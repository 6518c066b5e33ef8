package dev.ctxmem.store.flat;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a [FlatIndex] is asked: candidates are the `candidates` nearest by `vector`, those that cover most of
/// `stems`, entries whose key is `text`, and, if `keyPrefix`, those whose key begins with it.
///
/// @param namespaces null: all
/// @param tags hashes, 64 different ones at most, all of which an entry must have
/// @param stems hashes, 64 at most
/// @param documents how many entries the account has
/// @param now in epoch milliseconds
public record Question(
        @Nullable Set<UUID> namespaces,
        long[] tags,
        long[] stems,
        float @Nullable [] vector,
        String text,
        boolean keyPrefix,
        int candidates,
        long documents,
        long now) {
    public Question {
        namespaces = namespaces == null ? null : Set.copyOf(namespaces);
    }
}
