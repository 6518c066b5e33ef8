package dev.ctxmem.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The library that lets calls fail (see `faults.c`), seen from the process that it was preloaded into.
public final class FaultLibrary {
    /// The variable that preloads a library.
    public static final String PRELOAD = "LD_PRELOAD";

    private static final Linker LINKER = Linker.nativeLinker();

    private final MethodHandle arm;
    private final MethodHandle calls;
    private final MethodHandle hits;

    private FaultLibrary(SymbolLookup library) {
        arm = function(library, "fault_arm", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
        calls = function(library, "fault_calls", FunctionDescriptor.of(JAVA_INT));
        hits = function(library, "fault_hits", FunctionDescriptor.of(JAVA_INT));
    }

    /// Compiles it into a directory; returns its file.
    public static Path compile(Path directory) {
        Needs.preloading();
        Path source = directory.resolve("faults.c");
        Path library = directory.resolve("libfaults.so");
        try (InputStream in = Objects.requireNonNull(FaultLibrary.class.getResourceAsStream("faults.c"))) {
            Files.copy(in, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.run("gcc", "-O1", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
        return library;
    }

    /// The one of this process.
    @SuppressWarnings("restricted")
    public static FaultLibrary preloaded() {
        return new FaultLibrary(SymbolLookup.libraryLookup(Path.of(System.getenv(PRELOAD)), Arena.global()));
    }

    /// From now on this fails, and nothing else; the counts begin again.
    public void arm(Fault fault) {
        try (Arena arena = Arena.ofConfined()) {
            arm.invokeExact(
                    arena.allocateFrom(fault.call()),
                    arena.allocateFrom(fault.file()),
                    fault.at(),
                    fault.error(),
                    fault.persists() ? 1 : 0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    public void disarm() {
        arm(new Fault("", "", 0, 0, false));
    }

    /// How many calls the fault was looked at for.
    public int calls() {
        return number(calls);
    }

    /// How many of them failed.
    public int hits() {
        return number(hits);
    }

    private static int number(MethodHandle function) {
        try {
            return (int) function.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(library.findOrThrow(name), descriptor);
    }
}
