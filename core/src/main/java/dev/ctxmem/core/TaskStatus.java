package dev.ctxmem.core;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How far a [StoreTask] has come, and what came out of it.
///
/// @param step what is being done, in a word or two
/// @param done of `total`, in whatever is counted; 0 of 0 before that is known
/// @param counts figures of the result, in the order in which they are told
/// @param notes sentences for the operator
/// @param code why it failed; null otherwise
public record TaskStatus(
        UUID id,
        String kind,
        State state,
        String step,
        long done,
        long total,
        Map<String, Long> counts,
        List<String> notes,
        @Nullable ErrorCode code,
        @Nullable String detail) {
    public enum State {
        RUNNING,
        DONE,
        FAILED
    }

    public TaskStatus {
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        notes = List.copyOf(notes);
    }

    /// Throws why it failed, if it did.
    public void require() {
        if (state == State.FAILED) {
            throw new MemoryException(
                    code == null ? ErrorCode.INTERNAL : code, detail == null ? "The task failed." : detail);
        }
    }

    /// Adds one JSON object.
    public JsonWriter writeTo(JsonWriter out) {
        out.beginObject()
                .member("id", id.toString())
                .member("task", kind)
                .member("state", state.name().toLowerCase(Locale.ROOT))
                .member("step", step)
                .member("done", done)
                .member("total", total)
                .name("counts")
                .beginObject();
        counts.forEach(out::member);
        return out.endObject()
                .member("notes", notes)
                .member("code", code == null ? null : code.name())
                .member("detail", detail)
                .endObject();
    }
}
