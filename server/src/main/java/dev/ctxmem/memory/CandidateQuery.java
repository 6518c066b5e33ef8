package dev.ctxmem.memory;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a store is asked for in a search: live entries of `account`, in one of `namespaces` (empty: any), with
/// all `tags`.
///
/// Candidates are the best `candidates` by vector (where `vector` is there, among vectors of `model` only), the
/// best `candidates` by `stems`, the entry whose key equals `text`, and, if `keyPrefix`, entries whose key
/// starts with it. At most `limit` hits come back, none below `threshold`.
public record CandidateQuery(
        UUID account,
        Set<String> namespaces,
        List<String> tags,
        String text,
        List<String> stems,
        float @Nullable [] vector,
        @Nullable EmbeddingModel model,
        boolean keyPrefix,
        int candidates,
        int limit,
        double threshold,
        boolean explain) {
    public CandidateQuery {
        namespaces = Set.copyOf(namespaces);
        tags = List.copyOf(tags);
        stems = List.copyOf(stems);
    }
}
