package dev.ctxmem.client;

import dev.ctxmem.core.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The members of an object in an answer, read by name and kind. A member that is missing or of another kind is
/// an IllegalArgumentException or a MemoryException; [Answers] turns both into one failure. Optional members
/// may be missing or null.
record Fields(Map<String, Json> members) {
    static Fields of(Json object) {
        return new Fields(object.members());
    }

    Json json(String name) {
        Json json = members.get(name);
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
        Json json = optional(name);
        return json == null ? null : json.asString();
    }

    UUID id(String name) {
        return UUID.fromString(string(name));
    }

    @Nullable
    UUID optionalId(String name) {
        String id = optionalString(name);
        return id == null ? null : UUID.fromString(id);
    }

    Instant time(String name) {
        return Instant.parse(string(name));
    }

    @Nullable
    Instant optionalTime(String name) {
        String time = optionalString(name);
        return time == null ? null : Instant.parse(time);
    }

    long whole(String name) {
        return Long.parseLong(json(name).text());
    }

    @Nullable
    Long optionalWhole(String name) {
        Json json = optional(name);
        return json == null ? null : Long.valueOf(json.text());
    }

    double fraction(String name) {
        return Double.parseDouble(json(name).text());
    }

    @Nullable
    Double optionalFraction(String name) {
        Json json = optional(name);
        return json == null ? null : Double.valueOf(json.text());
    }

    boolean isTrue(String name) {
        Json json = optional(name);
        return json != null && json.text().equals("true");
    }

    Fields object(String name) {
        return of(json(name));
    }

    @Nullable
    Fields optionalObject(String name) {
        Json json = optional(name);
        return json == null ? null : of(json);
    }

    List<Fields> objects(String name) {
        return json(name).elements().stream().map(Fields::of).toList();
    }

    /// Empty when the member is missing.
    List<String> strings(String name) {
        Json json = optional(name);
        return json == null
                ? List.of()
                : json.elements().stream().map(Json::asString).toList();
    }

    private @Nullable Json optional(String name) {
        Json json = members.get(name);
        return json == null || json.isNull() ? null : json;
    }
}
