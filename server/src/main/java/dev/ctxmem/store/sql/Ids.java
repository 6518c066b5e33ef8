package dev.ctxmem.store.sql;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Ids as callers write them.
public final class Ids {
    private static final int CHARACTERS = 36;

    private Ids() {}

    /// The id a text spells in full (RFC 9562, upper or lower case), or null when it is none.
    public static @Nullable UUID parse(String text) {
        if (text.length() != CHARACTERS) {
            return null;
        }
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equalsIgnoreCase(text) ? id : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
