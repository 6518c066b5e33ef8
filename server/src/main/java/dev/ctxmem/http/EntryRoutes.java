package dev.ctxmem.http;

import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryPage;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.HistoryPage;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.ListOptions;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.TimeToLive;

/// `/v1/namespaces/{ns}/entries`.
final class EntryRoutes {
    Answer list(Call call) {
        Query query = call.query();
        var options = new ListOptions(
                query.all("tag"), query.number("limit", ListOptions.LIMIT_DEFAULT), query.one("cursor"));
        EntryPage page = call.memories().list(call.part(0), options);
        var json = new JsonWriter().beginObject().name("entries").beginArray();
        for (Entry entry : page.entries()) {
            Wire.entry(json, entry);
        }
        return Answer.ok(
                json.endArray().member("next_cursor", page.nextCursor()).endObject());
    }

    Answer save(Call call) {
        Fields fields = call.fields();
        return save(call, fields, fields.string("key"));
    }

    Answer get(Call call) {
        return Answer.ok(Wire.entry(new JsonWriter(), call.memories().get(call.part(0), call.part(1))));
    }

    Answer put(Call call) {
        return save(call, call.fields(), call.part(1));
    }

    Answer delete(Call call) {
        DeletedEntry deleted = call.memories().delete(call.part(0), call.part(1));
        return Answer.ok(new JsonWriter()
                        .beginObject()
                        .member("deleted", true)
                        .member("id", deleted.id().toString())
                        .member("key", deleted.key())
                        .endObject())
                .at(deleted.revision());
    }

    Answer history(Call call) {
        Query query = call.query();
        var options = new HistoryOptions(query.number("limit", HistoryOptions.DEFAULT.limit()), query.one("cursor"));
        HistoryPage page = call.memories().history(call.part(0), call.part(1), options);
        var json = new JsonWriter().beginObject().name("history").beginArray();
        for (EntryVersion version : page.history()) {
            Wire.version(json, version);
        }
        return Answer.ok(
                json.endArray().member("next_cursor", page.nextCursor()).endObject());
    }

    private static Answer save(Call call, Fields fields, String key) {
        var draft = new EntryDraft(
                key,
                fields.any("value"),
                fields.strings("tags"),
                fields.object("metadata"),
                fields.number("importance", EntryDraft.IMPORTANCE_DEFAULT),
                timeToLive(fields));
        Saved saved = call.memories().put(call.part(0), draft);
        JsonWriter json = Wire.entry(new JsonWriter(), saved.entry());
        return (saved.created() ? Answer.created(json) : Answer.ok(json)).at(saved.revision());
    }

    /// Absent keeps the TTL there is, null removes it.
    private static TimeToLive timeToLive(Fields fields) {
        String name = fields.either("ttl_seconds", "ttl");
        if (!fields.has(name)) {
            return TimeToLive.KEEP;
        }
        Long seconds = fields.whole(name);
        return seconds == null ? TimeToLive.NEVER : TimeToLive.seconds(seconds);
    }
}
