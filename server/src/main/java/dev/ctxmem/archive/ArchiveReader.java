package dev.ctxmem.archive;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.EmbeddingModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An archive that has been read through once and found whole: every line is well-formed, and counts and hashes
/// are those of its last line. Reading it again for a store checks all of that again.
public final class ArchiveReader implements Archive.Source {
    private final Path file;
    private final ArchiveHeader header;
    private final ArchiveSummary summary;
    private final Map<String, String> settings;
    private final Map<EmbeddingModel, Long> models;
    private final Progress progress;

    private ArchiveReader(
            Path file,
            ArchiveHeader header,
            ArchiveSummary summary,
            Map<String, String> settings,
            Map<EmbeddingModel, Long> models,
            Progress progress) {
        this.file = file;
        this.header = header;
        this.summary = summary;
        this.settings = Map.copyOf(settings);
        this.models = Map.copyOf(models);
        this.progress = progress;
    }

    /// Reads all of it. INVALID_VALUE when it is damaged, cut off, of a newer version, or something else;
    /// `verifying` counts bytes, `progress` the items given to a store afterwards.
    public static ArchiveReader open(Path file, Progress verifying, Progress progress) {
        try (var lines = new Lines(file)) {
            ArchiveHeader header = ArchiveHeader.parse(lines.header());
            long size = Files.size(file);
            var settings = new HashMap<String, String>();
            var models = new HashMap<EmbeddingModel, Long>();
            ArchiveItem item = lines.next();
            while (item != null) {
                if (item instanceof ArchiveItem.OfSetting(String name, String value)) {
                    settings.put(name, value);
                }
                if (item instanceof ArchiveItem.OfEntry entry) {
                    entry.vectors().forEach(vectors -> models.merge(vectors.model(), 1L, Long::sum));
                }
                verifying.at(lines.position(), size);
                item = lines.next();
            }
            return new ArchiveReader(file, header, lines.summary(), settings, models, progress);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether a file begins like an archive.
    public static boolean looksLikeOne(Path file) {
        try (var lines = new Lines(file)) {
            ArchiveHeader.parse(lines.header());
            return true;
        } catch (MemoryException e) {
            return false;
        }
    }

    public ArchiveHeader header() {
        return header;
    }

    public ArchiveSummary summary() {
        return summary;
    }

    /// The settings among the items, by name.
    public Map<String, String> settings() {
        return settings;
    }

    /// The model of most of the vectors, if there are any.
    public Optional<EmbeddingModel> mainModel() {
        return models.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    @Override
    public void giveTo(Consumer<ArchiveItem> taker) {
        try (var lines = new Lines(file)) {
            lines.header();
            long given = 0;
            ArchiveItem item = lines.next();
            while (item != null) {
                taker.accept(item);
                progress.at(++given, summary.items());
                item = lines.next();
            }
        }
    }

    /// The lines of the file, held to its last one.
    private static final class Lines implements AutoCloseable {
        private final LineInput in;
        private final Tally tally = new Tally();
        private long number;
        private @Nullable ArchiveSummary summary;

        Lines(Path file) {
            in = LineInput.open(file);
        }

        String header() {
            byte[] line = in.next();
            if (line == null) {
                throw damaged("it has no line", null);
            }
            number = 1;
            tally.header(line, line.length);
            return text(line);
        }

        /// Null behind the last item, once the last line is found to be true.
        @Nullable
        ArchiveItem next() {
            byte[] line = in.next();
            number++;
            if (line == null) {
                throw damaged("it ends before its last line", null);
            }
            String start = new String(line, 0, Math.min(line.length, Tally.END.length()), StandardCharsets.ISO_8859_1);
            if (start.equals(Tally.END)) {
                finish(text(line));
                return null;
            }
            try {
                ArchiveItem item = ItemText.parse(line);
                tally.item(item, line, line.length);
                return item;
            } catch (IllegalArgumentException | DateTimeException | ArithmeticException | MemoryException e) {
                throw damaged("line " + number + " is not as it was written", e);
            }
        }

        ArchiveSummary summary() {
            if (summary == null) {
                throw new IllegalStateException("not read to the end");
            }
            return summary;
        }

        long position() {
            return in.position();
        }

        private void finish(String line) {
            ArchiveSummary told;
            try {
                told = ArchiveSummary.parse(line);
            } catch (IllegalArgumentException | MemoryException e) {
                throw damaged("its last line is not as it was written", e);
            }
            tally.damaged(told.damaged());
            if (!line.equals(tally.trailer() + "\n")) {
                throw damaged("its content is not what its last line says", null);
            }
            if (in.next() != null) {
                throw damaged("something follows its last line", null);
            }
            summary = told;
        }

        private static String text(byte[] line) {
            return new String(line, StandardCharsets.UTF_8);
        }

        private static MemoryException damaged(String what, @Nullable Throwable cause) {
            String detail = "The file is damaged or cut off: " + what + ".";
            return cause == null
                    ? new MemoryException(ErrorCode.INVALID_VALUE, detail)
                    : new MemoryException(ErrorCode.INVALID_VALUE, detail, cause);
        }

        @Override
        public void close() {
            in.close();
        }
    }
}
