package dev.ctxmem.bench.quality;

import dev.ctxmem.core.JsonWriter;
import java.util.Locale;

/// One number of a report: a measure over the `count` questions, pairs or calls of a group of a set.
record Figure(String set, String group, String measure, double value, long count) {
    /// The group of everything.
    static final String ALL = "all";

    /// A line of the table.
    String line() {
        return String.format(Locale.ROOT, "%-16s %-26s %-24s %10.4f  (n %,d)", set, group, measure, value, count);
    }

    void writeTo(JsonWriter json) {
        json.beginObject()
                .member("set", set)
                .member("group", group)
                .member("measure", measure)
                .member("value", value)
                .member("count", count)
                .endObject();
    }
}
