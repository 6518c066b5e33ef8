package dev.ctxmem.archive;

import dev.ctxmem.core.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a whole archive holds.
///
/// @param counts how many of each kind, in the order in which they are told
/// @param damaged versions and keys that the store could not give any more
/// @param contentHash SHA-256 of all items, as hex: equal for stores that hold the same
public record ArchiveSummary(long items, Map<String, Long> counts, long damaged, String contentHash) {
    /// Of a last line.
    static ArchiveSummary parse(String trailer) {
        Members in = Members.of(Json.parse(trailer));
        var counts = new LinkedHashMap<String, Long>();
        in.all().forEach((name, value) -> {
            if (value.isNumber() && !name.equals("items") && !name.equals("damaged")) {
                counts.put(name, in.whole(name));
            }
        });
        return new ArchiveSummary(in.whole("items"), counts, in.whole("damaged"), in.string("content_sha256"));
    }
}
