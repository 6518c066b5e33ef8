package dev.ctxmem.control;

/// A bug, and the test of the promise that must notice it.
///
/// @param promise `P1` and so on
/// @param tests `Class`, `Class/Nested` or one of them with `#method`, below `dev.ctxmem`
record Control(String promise, Mutant mutant, String tests) {
    static Control of(String promise, String bug, String className, Edit edit, String tests) {
        return new Control(promise, new Mutant(bug, className, edit), tests);
    }

    String title() {
        return promise + ", " + mutant.className() + ": " + mutant.bug();
    }
}
