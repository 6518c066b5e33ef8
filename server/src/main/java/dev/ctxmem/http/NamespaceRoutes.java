package dev.ctxmem.http;

import dev.ctxmem.core.DeletedNamespace;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;

/// `/v1/namespaces`.
final class NamespaceRoutes {
    Answer list(Call call) {
        var json = new JsonWriter().beginObject().name("namespaces").beginArray();
        for (Namespace namespace : call.memories().namespaces()) {
            Wire.namespace(json, namespace);
        }
        return Answer.ok(json.endArray().endObject());
    }

    Answer create(Call call) {
        Fields fields = call.fields();
        String slug = fields.string("slug");
        String name = fields.optionalString("name");
        var draft = new NewNamespace(slug, name == null ? slug : name, fields.optionalString("description"));
        return Answer.created(Wire.namespace(new JsonWriter(), call.memories().createNamespace(draft)));
    }

    Answer get(Call call) {
        return Answer.ok(Wire.namespace(new JsonWriter(), call.memories().namespace(call.part(0))));
    }

    Answer delete(Call call) {
        String slug = call.part(0);
        DeletedNamespace deleted = call.memories().deleteNamespace(slug);
        return Answer.ok(new JsonWriter()
                        .beginObject()
                        .member("deleted", true)
                        .member("slug", slug)
                        .endObject())
                .at(deleted.revision());
    }
}
