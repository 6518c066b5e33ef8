package dev.ctxmem.core;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What a key may do: `READ` get, list, search, history; `WRITE` create and change; `DELETE` remove; `ADMIN`
/// manage keys.
public enum Scope {
    READ,
    WRITE,
    DELETE,
    ADMIN;

    public static Set<Scope> all() {
        return EnumSet.allOf(Scope.class);
    }

    /// The name on the wire: lower case.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Scope named(String wireName) {
        for (Scope scope : values()) {
            if (scope.wireName().equals(wireName)) {
                return scope;
            }
        }
        throw MemoryException.invalid("/scopes", "must be of read, write, delete, admin");
    }
}
