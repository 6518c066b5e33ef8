package dev.ctxmem.store;

import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.Vectorization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// The items of an archive in memory.
final class ArchiveItems implements Archive.Sink, Archive.Source {
    private final Runnable onFirst;
    private final List<ArchiveItem> items = new ArrayList<>();
    private long expected = -1;
    private int damaged;

    /// `onFirst` runs when the first item comes.
    ArchiveItems(Runnable onFirst) {
        this.onFirst = onFirst;
    }

    @Override
    public void expect(long items) {
        expected = items;
    }

    @Override
    public void accept(ArchiveItem item) {
        if (items.isEmpty()) {
            onFirst.run();
        }
        items.add(item);
    }

    @Override
    public void damaged(String namespace, String key, long version) {
        damaged++;
    }

    @Override
    public void giveTo(Consumer<ArchiveItem> taker) {
        items.forEach(taker);
    }

    List<ArchiveItem> all() {
        return items;
    }

    long expected() {
        return expected;
    }

    int damagedCount() {
        return damaged;
    }

    <T extends ArchiveItem> List<T> of(Class<T> type) {
        return items.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /// Each item as text, for comparing: vectors have no equality of their own.
    List<String> lines() {
        return items.stream().map(ArchiveItems::line).toList();
    }

    private static String line(ArchiveItem item) {
        if (!(item instanceof ArchiveItem.OfEntry entry)) {
            return item.toString();
        }
        var vectors = new StringBuilder();
        for (Vectorization.Ready ready : entry.vectors()) {
            vectors.append(ready.model());
            ready.chunks().forEach(chunk -> vectors.append(Arrays.toString(chunk)));
        }
        return new ArchiveItem.OfEntry(
                        entry.account(),
                        entry.namespace(),
                        entry.key(),
                        entry.id(),
                        entry.version(),
                        entry.revision(),
                        entry.state(),
                        entry.embedding(),
                        entry.createdAt(),
                        entry.expiresAt(),
                        List.of())
                + vectors.toString();
    }
}
