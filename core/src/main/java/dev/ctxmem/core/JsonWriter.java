package dev.ctxmem.core;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// Writes JSON text member by member; the caller balances begin and end. Not thread-safe.
public final class JsonWriter {
    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

    private final StringBuilder text = new StringBuilder(512);

    public JsonWriter beginObject() {
        separate().append('{');
        return this;
    }

    public JsonWriter endObject() {
        text.append('}');
        return this;
    }

    public JsonWriter beginArray() {
        separate().append('[');
        return this;
    }

    public JsonWriter endArray() {
        text.append(']');
        return this;
    }

    /// `name` is one of our own member names: it needs no escaping.
    public JsonWriter name(String name) {
        separate().append('"').append(name).append("\":");
        return this;
    }

    public JsonWriter value(@Nullable String string) {
        if (string == null) {
            separate().append("null");
        } else {
            ENCODER.quoteAsString(string, separate().append('"'));
            text.append('"');
        }
        return this;
    }

    public JsonWriter value(long number) {
        separate().append(number);
        return this;
    }

    /// A finite number; whole numbers are written without a fraction.
    public JsonWriter value(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return value((long) number);
        }
        separate().append(number);
        return this;
    }

    public JsonWriter value(boolean bool) {
        separate().append(bool);
        return this;
    }

    public JsonWriter value(Json json) {
        separate().append(json.text());
        return this;
    }

    public JsonWriter value(@Nullable Instant instant) {
        if (instant == null) {
            separate().append("null");
        } else {
            Rfc3339.append(instant, separate().append('"'));
            text.append('"');
        }
        return this;
    }

    public JsonWriter value(List<String> strings) {
        beginArray();
        for (String string : strings) {
            value(string);
        }
        return endArray();
    }

    public JsonWriter member(String name, @Nullable String string) {
        return name(name).value(string);
    }

    public JsonWriter member(String name, long number) {
        return name(name).value(number);
    }

    public JsonWriter member(String name, double number) {
        return name(name).value(number);
    }

    public JsonWriter member(String name, boolean bool) {
        return name(name).value(bool);
    }

    public JsonWriter member(String name, Json json) {
        return name(name).value(json);
    }

    public JsonWriter member(String name, @Nullable Instant instant) {
        return name(name).value(instant);
    }

    public JsonWriter member(String name, List<String> strings) {
        return name(name).value(strings);
    }

    public byte[] toUtf8() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private StringBuilder separate() {
        if (!text.isEmpty()) {
            char last = text.charAt(text.length() - 1);
            if (last != '{' && last != '[' && last != ':') {
                text.append(',');
            }
        }
        return text;
    }
}
