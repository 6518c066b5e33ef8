package dev.ctxmem.memory;

import java.util.Optional;

/// The pepper that the server has made for itself and keeps beside the data.
public interface GeneratedPepper {
    /// Empty before the first start.
    Optional<byte[]> get();

    /// Puts another one in its place, durable on return. A running server goes on with the old one.
    void put(byte[] pepper);
}
