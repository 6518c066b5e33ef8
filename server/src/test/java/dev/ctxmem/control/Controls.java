package dev.ctxmem.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.io.TempDir;

/// What the classes of controls share: the process in which tests meet the bugs.
abstract class Controls {
    /// Also those that take long.
    static final boolean ALL = Boolean.getBoolean("ctx.controls.all");

    @TempDir
    static Path home;

    private static ControlProcess process;

    @BeforeAll
    static void start() {
        process = new ControlProcess(home);
    }

    @AfterAll
    static void end() {
        process.close();
    }

    /// The tests as they are.
    static Verdict run(String tests) {
        return process.run(tests);
    }

    /// The tests pass without a bug, or what they say of one tells nothing.
    static DynamicTest passes(String tests) {
        return dynamicTest(tests + " as it is", () -> assertEquals(new Verdict(Verdict.Kind.SURVIVED, ""), run(tests)));
    }

    /// One of `enough` must come of it.
    static DynamicTest notices(String title, Mutant mutant, String tests, Set<Verdict.Kind> enough) {
        return dynamicTest(title, () -> {
            Verdict verdict = process.run(tests, mutant);
            assertTrue(enough.contains(verdict.kind()), () -> tests + " with " + mutant + ": " + verdict);
        });
    }

    /// A bug that is none, because something else holds the promise, too.
    static DynamicTest survives(String title, Mutant mutant, String tests) {
        return dynamicTest(
                title, () -> assertEquals(new Verdict(Verdict.Kind.SURVIVED, ""), process.run(tests, mutant), title));
    }
}
