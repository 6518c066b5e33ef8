package dev.ctxmem;

/// A short real run of the server and of commands against it, so that the JVM can keep what it learned in its AOT
/// cache (JEP 514).
final class Training {
    static final String VERB = "train-aot-cache";

    private Training() {}

    static int run(Program program) {
        return program.version().isEmpty() ? 1 : 0;
    }
}
