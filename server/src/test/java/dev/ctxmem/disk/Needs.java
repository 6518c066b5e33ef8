package dev.ctxmem.disk;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/// What tests of disks need of the machine, and not every machine grants. Where it is missing they are skipped with
/// the reason, the only ones that ever are; at their long size (`-Psoak`) they fail.
public final class Needs {
    private static final boolean IS_SOAK = Boolean.getBoolean("ctx.soak");

    private Needs() {}

    /// Linux, root, and loop devices: to mount a file system and take its power away.
    public static void powerCuts() {
        require(Files.exists(Path.of("/dev/loop-control")), "loop devices (a container must be --privileged)");
        require(isRoot(), "root");
        programs("mkfs.ext4", "mount", "umount", "findmnt");
    }

    /// Linux, whose programs take a library before their own (`LD_PRELOAD`), and a C compiler to make one.
    public static void preloading() {
        require(System.getProperty("os.name").equals("Linux"), "Linux");
        programs("gcc");
    }

    /// Programs on the PATH.
    public static void programs(String... names) {
        for (String name : names) {
            require(isProgram(name), "the program " + name);
        }
    }

    /// A variable of the environment, and what it stands for.
    public static String variable(String name, String meaning) {
        String value = System.getenv(name);
        require(value != null, "the variable " + name + ": " + meaning);
        return String.valueOf(value);
    }

    private static void require(boolean isThere, String what) {
        String message = "This test needs " + what + ".";
        if (IS_SOAK) {
            assertTrue(isThere, message);
        }
        assumeTrue(isThere, message);
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isProgram(String name) {
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin", "/sbin"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }
}
