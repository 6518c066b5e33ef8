package dev.ctxmem;

import dev.ctxmem.archive.ArchiveHeader;
import dev.ctxmem.archive.ArchiveReader;
import dev.ctxmem.archive.ArchiveSummary;
import dev.ctxmem.archive.ArchiveWriter;
import dev.ctxmem.archive.BackupFile;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.GeneratedPepper;
import dev.ctxmem.memory.Peppers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Exports, imports and backups of one open store.
final class Transfers {
    private final Archive archive;
    private final AccountStore settings;
    private final PepperFiles peppers;
    private final GeneratedPepper generated;
    private final Kind kind;
    private final String version;
    private final InstantSource clock;

    /// What differs between the stores.
    ///
    /// @param name for people
    /// @param copier writes the records into a new database file; null for a store whose backup is an archive
    /// @param adapter makes room for vectors of a model in a store that has none yet
    record Kind(String name, @Nullable Consumer<Path> copier, Consumer<EmbeddingModel> adapter) {}

    Transfers(
            Archive archive,
            AccountStore settings,
            GeneratedPepper generated,
            boolean running,
            Kind kind,
            String version,
            InstantSource clock) {
        this.archive = archive;
        this.settings = settings;
        this.generated = generated;
        this.peppers = new PepperFiles(generated, running);
        this.kind = kind;
        this.version = version;
        this.clock = clock;
    }

    void export(StoreTask.Export task, TaskProgress progress) {
        write(Path.of(task.file()), task.withPepper(), progress);
    }

    void importFrom(StoreTask.Import task, TaskProgress progress) {
        load(Path.of(task.file()), task.withPepper(), task.dryRun(), progress);
    }

    void backup(StoreTask.Backup task, TaskProgress progress) {
        Path file = Path.of(task.file());
        Consumer<Path> copier = kind.copier;
        if (copier == null) {
            write(file, task.withPepper(), progress);
            return;
        }
        requireAbsent(file);
        Path copy = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".copy");
        try {
            progress.step("copying");
            copier.accept(copy);
            progress.step("writing");
            BackupFile made = BackupFile.write(file, copy, version, now(), check(), progress::at);
            progress.count("bytes", made.databaseBytes());
            peppers.write(file, task.withPepper(), progress);
        } finally {
            delete(copy);
        }
    }

    /// Of an archive, into this store.
    void restore(StoreTask.Restore task, TaskProgress progress) {
        Path file = Path.of(task.file());
        if (!ArchiveReader.looksLikeOne(file)) {
            BackupFile.open(file);
            throw new MemoryException(
                    ErrorCode.INVALID_VALUE,
                    kind.copier == null
                            ? "The file is a backup of an embedded store: restore it into one, and move that here with"
                                    + " 'ctx export' and 'ctx import'."
                            : "A backup of the embedded store is restored while no server uses it: stop the server.");
        }
        if (!archive.isEmpty()) {
            throw new MemoryException(
                    ErrorCode.ALREADY_EXISTS,
                    "The store holds accounts; restore into an empty one, or add to this one with 'ctx import'."
                            + (task.force() ? " '--force' replaces an embedded store only." : ""));
        }
        load(file, task.withPepper(), task.dryRun(), progress);
    }

    private void write(Path file, boolean withPepper, TaskProgress progress) {
        requireAbsent(file);
        progress.step("writing");
        var header = new ArchiveHeader(version, kind.name, now(), check());
        try (var writer = new ArchiveWriter(file, header, progress::at)) {
            archive.exportTo(writer);
            tell(writer.finish(), progress);
        }
        peppers.write(file, withPepper, progress);
    }

    private void load(Path file, boolean withPepper, boolean dryRun, TaskProgress progress) {
        progress.step("checking");
        ArchiveReader reader = ArchiveReader.open(file, progress::at, progress::at);
        requireSamePepper(reader);
        byte[] pepper = peppers.toAdopt(file, reader.header().pepperCheck(), withPepper, archive.isEmpty(), progress);
        if (!dryRun) {
            reader.mainModel().ifPresent(kind.adapter);
        }
        progress.step(dryRun ? "trying" : "loading");
        try {
            archive.load(dryRun ? new Rehearsal(reader) : reader);
        } catch (Rehearsal.Over e) {
            progress.note("Everything fits; nothing was changed.");
        }
        if (pepper != null && !dryRun) {
            generated.put(pepper);
        }
        tell(reader.summary(), progress);
    }

    /// Keys under a configured pepper that is not this server's would all be refused.
    private void requireSamePepper(ArchiveReader reader) {
        String theirs = reader.settings().get(Peppers.CHECK_SETTING);
        String ours = settings.setting(Peppers.CHECK_SETTING).orElse(null);
        if (theirs != null && ours != null && !theirs.equals(ours)) {
            throw new MemoryException(
                    ErrorCode.INVALID_VALUE,
                    "The API keys of the file were made under another API_KEY_SALT than this store's.");
        }
    }

    private static void tell(ArchiveSummary summary, TaskProgress progress) {
        summary.counts().forEach(progress::count);
        if (summary.damaged() > 0) {
            progress.count("damaged", summary.damaged());
            progress.note("What was damaged on disk is not in the file.");
        }
        progress.note("Content SHA-256: " + summary.contentHash());
    }

    private @Nullable String check() {
        return generated.get().map(Peppers::checkOf).orElse(null);
    }

    private Instant now() {
        return clock.instant();
    }

    private static void requireAbsent(Path file) {
        if (Files.exists(file)) {
            throw new UncheckedIOException(new FileAlreadyExistsException(file.toString()));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
