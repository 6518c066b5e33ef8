package dev.ctxmem.memory;

import java.security.SecureRandom;
import java.util.Optional;

/// The pepper that the server has made for itself and keeps beside the data.
public interface GeneratedPepper {
    /// Empty before the first start.
    Optional<byte[]> get();

    /// Puts another one in its place, durable on return. A running server goes on with the old one.
    void put(byte[] pepper);

    /// 32 random bytes.
    static byte[] fresh() {
        byte[] fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        return fresh;
    }

    /// The setting that holds it, as hex, in a store without a directory of its own.
    String SETTING = "pepper.generated";
}
