package dev.ctxmem.http;

import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.IssuedKey;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.Scope;
import dev.ctxmem.memory.Principal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `/v1/account`: the caller's account and its keys.
final class AccountRoutes {
    /// RFC 3339 has four digits for a year, and a zone may move a time into the next one.
    private static final int YEAR_MAX = 9998;

    Answer account(Call call) {
        return Answer.ok(Wire.usage(call.memories().account()));
    }

    Answer keys(Call call) {
        var json = new JsonWriter().beginObject().name("keys").beginArray();
        for (ApiKey key : call.memories().keys()) {
            Wire.key(json, key);
        }
        return Answer.ok(json.endArray().endObject());
    }

    Answer createKey(Call call) {
        IssuedKey issued = call.memories().createKey(newKey(call.fields(), call.principal()));
        var json = new JsonWriter().beginObject().member("api_key", issued.token());
        Wire.key(json.name("key"), issued.key());
        return Answer.created(json.endObject());
    }

    Answer revokeKey(Call call) {
        String id = call.part(0);
        UUID key = uuid(id);
        call.memories().revokeKey(key);
        return Answer.ok(new JsonWriter()
                .beginObject()
                .member("deleted", true)
                .member("id", key.toString())
                .endObject());
    }

    /// What is not asked for is as the calling key has it.
    private static NewKey newKey(Fields fields, Principal parent) {
        Set<Scope> scopes = fields.strings("scopes").stream().map(Scope::named).collect(Collectors.toUnmodifiableSet());
        Set<String> namespaces = Set.copyOf(fields.strings("namespaces"));
        Long rate = fields.whole("rate_limit");
        return new NewKey(
                fields.string("name"),
                scopes.isEmpty() ? parent.scopes() : scopes,
                namespaces.isEmpty() ? parent.namespaces() : namespaces,
                rate == null ? parent.rateLimit() : Integer.valueOf(Math.clamp(rate, 0, Integer.MAX_VALUE)),
                time(fields, "expires_at"));
    }

    private static @Nullable Instant time(Fields fields, String name) {
        String text = fields.optionalString(name);
        if (text == null) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() >= 1970 && time.getYear() <= YEAR_MAX) {
                return time.toInstant().truncatedTo(ChronoUnit.MILLIS);
            }
        } catch (DateTimeParseException e) {
            // Told below, as for a time that nobody can mean.
        }
        throw Fields.wrong(name, "a time like 2026-01-02T03:04:05Z");
    }

    /// What is no id is nobody's key.
    private static UUID uuid(String text) {
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equalsIgnoreCase(text)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as for an id that is well-formed and unknown.
        }
        throw MemoryException.notFound("Key");
    }
}
