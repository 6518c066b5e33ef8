package dev.ctxmem.store;

import java.nio.file.Path;
import java.time.InstantSource;

/// How the contract opens a store, and looks at its records afterwards.
public interface StoreUnderTest {
    /// Opens what `directory` holds; empty at first.
    Stores open(Path directory, InstantSource clock);

    /// Fails when the records of a closed store contradict each other (P4).
    void verify(Path directory);
}
