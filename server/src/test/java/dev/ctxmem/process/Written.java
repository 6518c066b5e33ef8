package dev.ctxmem.process;

/// The version and the value that a writer was told of.
public record Written(long version, String text) {}
