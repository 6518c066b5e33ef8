package dev.ctxmem;

import dev.ctxmem.archive.ArchiveHeader;
import dev.ctxmem.archive.ArchiveWriter;
import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.memory.ArchiveItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a store with one account was at an earlier revision, worked out from its history. For stores in which no
/// key was made anew after its deletion.
final class StateAt {
    private StateAt() {}

    /// The account, its namespaces, entries, versions and events.
    static List<ArchiveItem> entries(List<ArchiveItem> items) {
        return items.stream()
                .filter(item -> switch (item) {
                    case ArchiveItem.OfSetting _,
                            ArchiveItem.OfCustomer _,
                            ArchiveItem.OfKey _,
                            ArchiveItem.OfUsage _ -> false;
                    case ArchiveItem.OfAccount _,
                            ArchiveItem.OfNamespace _,
                            ArchiveItem.OfEntry _,
                            ArchiveItem.OfVersion _,
                            ArchiveItem.OfEvent _ -> true;
                })
                .toList();
    }

    static long revision(List<ArchiveItem> items) {
        return items.stream()
                .mapToLong(item -> item instanceof ArchiveItem.OfAccount account ? account.revision() : 0)
                .max()
                .orElse(0);
    }

    static List<ArchiveItem> at(List<ArchiveItem> items, long revision) {
        var state = new ArrayList<ArchiveItem>();
        for (int i = 0; i < items.size(); i++) {
            switch (items.get(i)) {
                case ArchiveItem.OfAccount account -> state.add(new ArchiveItem.OfAccount(account.account(), revision));
                case ArchiveItem.OfEntry entry -> {
                    var versions = new ArrayList<ArchiveItem.OfVersion>();
                    for (int j = i + 1; j < items.size(); j++) {
                        if (!(items.get(j) instanceof ArchiveItem.OfVersion version)) {
                            break;
                        }
                        if (version.revision() <= revision) {
                            versions.add(version);
                        }
                    }
                    if (!versions.isEmpty()) {
                        state.add(head(entry, versions.getLast()));
                        state.addAll(versions);
                    }
                }
                case ArchiveItem.OfEvent event when event.revision() > revision -> {
                    // It had not happened yet.
                }
                case ArchiveItem.OfVersion _ -> {
                    // It was taken with its entry.
                }
                case ArchiveItem other -> state.add(other);
            }
        }
        return state;
    }

    static String hash(Path directory, List<ArchiveItem> items) throws IOException {
        Path file = directory.resolve("state");
        var header = new ArchiveHeader("1", "test", Instant.EPOCH, null);
        try (var writer = new ArchiveWriter(file, header, (done, total) -> {})) {
            items.forEach(writer::accept);
            String hash = writer.finish().contentHash();
            Files.delete(file);
            return hash;
        }
    }

    private static ArchiveItem head(ArchiveItem.OfEntry entry, ArchiveItem.OfVersion current) {
        return new ArchiveItem.OfEntry(
                entry.account(),
                entry.namespace(),
                entry.key(),
                entry.id(),
                current.version(),
                current.revision(),
                current.deleted() ? ArchiveItem.KeyState.DELETED : ArchiveItem.KeyState.LIVE,
                EmbeddingState.READY,
                entry.createdAt(),
                current.expiresAt(),
                List.of());
    }
}
