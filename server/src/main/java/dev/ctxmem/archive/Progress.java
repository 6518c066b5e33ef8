package dev.ctxmem.archive;

/// Is told how far some work has come. Called often: it must be quick.
public interface Progress {
    void at(long done, long total);
}
