package dev.ctxmem.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Calls of Linux on a file system as a whole, for which Java has no methods.
final class SystemCalls {
    /// `_IOR('X', 125, unsigned int)`, of ext4 and XFS: the file system goes down.
    private static final long GOING_DOWN = 0x8004587DL;

    /// Nothing that waits is written, the journal neither.
    private static final int WITHOUT_LOG = 2;

    private static final int READ_ONLY = 0;

    private static final Linker LINKER = Linker.nativeLinker();

    /// The variadic ones are told from where on they are.
    private static final MethodHandle OPEN =
            function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));

    private static final MethodHandle IOCTL = function(
            "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SYNCFS = function("syncfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private SystemCalls() {}

    /// The file system that holds the directory stops at once and drops what it has not written. The caller makes
    /// sure which one that is.
    static void shutDown(Path directory) {
        try (Arena arena = Arena.ofConfined()) {
            var flags = arena.allocateFrom(JAVA_INT, WITHOUT_LOG);
            onDirectory(directory, descriptor -> (int) IOCTL.invokeExact(descriptor, GOING_DOWN, flags));
        }
    }

    /// Everything written to the file system of the directory is durable on return.
    static void sync(Path directory) {
        onDirectory(directory, descriptor -> (int) SYNCFS.invokeExact(descriptor));
    }

    private interface Call {
        int on(int descriptor) throws Throwable;
    }

    private static void onDirectory(Path directory, Call call) {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(directory.toString()), READ_ONLY);
            if (descriptor < 0) {
                throw new AssertionError(directory + " cannot be opened");
            }
            int result = call.on(descriptor);
            int closed = (int) CLOSE.invokeExact(descriptor);
            if (result != 0 || closed != 0) {
                throw new AssertionError("a system call on " + directory + " failed");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
