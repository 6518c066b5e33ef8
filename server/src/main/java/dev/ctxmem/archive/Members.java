package dev.ctxmem.archive;

import dev.ctxmem.core.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The members of one line of a file, read by name and kind. IllegalArgumentException, DateTimeException or
/// MemoryException for one that is missing or of another kind.
record Members(Map<String, Json> all) {
    static Members of(Json object) {
        return new Members(object.members());
    }

    Json json(String name) {
        Json json = all.get(name);
        if (json == null) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        return json;
    }

    String string(String name) {
        return json(name).asString();
    }

    @Nullable
    String optionalString(String name) {
        return json(name).isNull() ? null : string(name);
    }

    UUID id(String name) {
        return UUID.fromString(string(name));
    }

    @Nullable
    UUID optionalId(String name) {
        return json(name).isNull() ? null : id(name);
    }

    Instant time(String name) {
        return Instant.parse(string(name));
    }

    @Nullable
    Instant optionalTime(String name) {
        return json(name).isNull() ? null : time(name);
    }

    long whole(String name) {
        return Long.parseLong(json(name).text());
    }

    @Nullable
    Long optionalWhole(String name) {
        return json(name).isNull() ? null : (Long) whole(name);
    }

    double fraction(String name) {
        return Double.parseDouble(json(name).text());
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(json(name).text());
    }

    List<String> strings(String name) {
        return json(name).elements().stream().map(Json::asString).toList();
    }
}
