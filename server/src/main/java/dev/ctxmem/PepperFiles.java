package dev.ctxmem;

import dev.ctxmem.archive.NewFile;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.GeneratedPepper;
import dev.ctxmem.memory.Peppers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The generated pepper as it travels: in a file of its own beside the archive or backup, for its owner alone, and
/// only when somebody asks. One that the operator has set never travels.
///
/// @param running whether a server uses the store now, which has read its pepper already
record PepperFiles(GeneratedPepper generated, boolean running) {
    void write(Path file, boolean wanted, TaskProgress progress) {
        byte[] pepper = generated.get().orElse(null);
        if (pepper == null || !wanted) {
            progress.note("No pepper is in the file. API keys made under API_KEY_SALT need that value again"
                    + (pepper == null ? "." : ", those made under the generated one need --with-pepper."));
            return;
        }
        Path target = beside(file);
        byte[] text = (HexFormat.of().formatHex(pepper) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (NewFile out = NewFile.create(target)) {
            out.write(text, 0, text.length);
            out.commit();
        }
        progress.note("The generated pepper is in " + target + ". Keep it apart from the file: together they are worth"
                + " as much as the keys.");
    }

    /// The pepper that has to become this store's own, or null. `check` is of the file's. INVALID_VALUE for a file
    /// with another pepper; ALREADY_EXISTS where this store's own is in use.
    byte @Nullable [] toAdopt(Path file, @Nullable String check, boolean wanted, boolean empty, TaskProgress progress) {
        byte[] ours = generated.get().orElse(null);
        boolean same = ours != null && Peppers.checkOf(ours).equals(check);
        if (check == null || same) {
            return null;
        }
        if (!wanted) {
            progress.note("API keys made under the generated pepper of the source answer 401 here: bring it along with"
                    + " --with-pepper, or make new keys.");
            return null;
        }
        byte[] theirs = read(beside(file));
        if (!Peppers.checkOf(theirs).equals(check)) {
            throw new MemoryException(
                    ErrorCode.INVALID_VALUE, "The pepper in " + beside(file) + " is not the one of the file.");
        }
        if (ours != null && !Arrays.equals(ours, theirs) && (running || !empty)) {
            throw new MemoryException(
                    ErrorCode.ALREADY_EXISTS,
                    "This store has a generated pepper of its own in use. Stop the server and use an empty store.");
        }
        return theirs;
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ".pepper");
    }

    private static byte[] read(Path file) {
        try {
            return HexFormat.of().parseHex(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException e) {
            throw new MemoryException(ErrorCode.INVALID_VALUE, "The file " + file + " does not hold a pepper.", e);
        }
    }
}
