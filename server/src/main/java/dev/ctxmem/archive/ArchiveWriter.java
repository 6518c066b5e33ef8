package dev.ctxmem.archive;

import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import java.nio.file.Path;

/// Writes an archive: header, items, and a last line with counts and hashes. Nothing stands under the file's name
/// before [#finish]. Not thread-safe.
public final class ArchiveWriter implements Archive.Sink, AutoCloseable {
    private final NewFile file;
    private final Progress progress;
    private final Tally tally = new Tally();
    private long written;
    private long expected;

    /// UncheckedIOException of a FileAlreadyExistsException when there is such a file.
    public ArchiveWriter(Path target, ArchiveHeader header, Progress progress) {
        this.progress = progress;
        file = NewFile.create(target);
        byte[] line = Tally.utf8(header.line());
        tally.header(line, line.length);
        file.write(line, 0, line.length);
    }

    @Override
    public void expect(long items) {
        expected = items;
    }

    @Override
    public void accept(ArchiveItem item) {
        byte[] line = Tally.utf8(ItemText.line(item));
        tally.item(item, line, line.length);
        file.write(line, 0, line.length);
        progress.at(++written, Math.max(expected, written));
    }

    @Override
    public void damaged(String namespace, String key, long version) {
        tally.damaged();
    }

    /// The file is durable on return.
    public ArchiveSummary finish() {
        String trailer = tally.trailer();
        byte[] line = Tally.utf8(trailer);
        file.write(line, 0, line.length);
        file.commit();
        return ArchiveSummary.parse(trailer);
    }

    @Override
    public void close() {
        file.close();
    }
}
