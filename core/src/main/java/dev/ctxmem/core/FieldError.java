package dev.ctxmem.core;

/// One refused field of a request: where (`pointer`, RFC 6901) and why.
public record FieldError(String pointer, String message) {}
