package dev.ctxmem.control;

import java.util.List;

/// A bug, and the tests of the promise that must notice it: one of them at least.
///
/// @param promise `P1` and so on
/// @param tests each `Class`, `Class/Nested` or one of them with `#method`, below `dev.ctxmem`
record Control(String promise, Mutant mutant, List<String> tests) {
    Control {
        tests = List.copyOf(tests);
    }

    static Control of(String promise, String bug, String className, Edit edit, String... tests) {
        return new Control(promise, new Mutant(bug, className, edit), List.of(tests));
    }

    String title() {
        return promise + ", " + mutant.className() + ": " + mutant.bug();
    }
}
