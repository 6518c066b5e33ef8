package dev.ctxmem.control;

/// What came of tests that met a bug.
///
/// @param detail of the first failure
record Verdict(Kind kind, String detail) {
    enum Kind {
        /// A test said what is wrong.
        NOTICED,
        /// The program refused what a test did, as it refuses callers.
        REFUSED,
        /// The program failed at what a test did.
        FAILED,
        /// All tests passed.
        SURVIVED,
        /// Something broke that is not what the tests look for.
        BROKEN,
        /// There was nothing to run.
        NO_TEST
    }
}
