package dev.ctxmem.archive;

import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.memory.ArchiveItem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts and hashes the lines of an archive on their way, and makes its last line from that.
final class Tally {
    static final String END = "{\"type\":\"end\"";

    private final MessageDigest whole = sha256();
    private final MessageDigest content = sha256();
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private long items;
    private long damaged;

    Tally() {
        for (String kind : new String[] {
            "settings",
            "accounts",
            "customers",
            "keys",
            "usage",
            "namespaces",
            "entries",
            "versions",
            "events",
            "vectors"
        }) {
            counts.put(kind, 0L);
        }
    }

    void header(byte[] line, int length) {
        whole.update(line, 0, length);
    }

    void item(ArchiveItem item, byte[] line, int length) {
        whole.update(line, 0, length);
        content.update(line, 0, length);
        items++;
        String kind = switch (item) {
            case ArchiveItem.OfSetting _ -> "settings";
            case ArchiveItem.OfAccount _ -> "accounts";
            case ArchiveItem.OfCustomer _ -> "customers";
            case ArchiveItem.OfKey _ -> "keys";
            case ArchiveItem.OfUsage _ -> "usage";
            case ArchiveItem.OfNamespace _ -> "namespaces";
            case ArchiveItem.OfEntry _ -> "entries";
            case ArchiveItem.OfVersion _ -> "versions";
            case ArchiveItem.OfEvent _ -> "events";
        };
        counts.merge(kind, 1L, Long::sum);
        if (item instanceof ArchiveItem.OfEntry entry) {
            counts.merge("vectors", (long) entry.vectors().size(), Long::sum);
        }
    }

    void damaged() {
        damaged++;
    }

    void damaged(long count) {
        damaged = count;
    }

    /// The last line, without a line break. Asked for once.
    String trailer() {
        JsonWriter out = new JsonWriter().beginObject().member("type", "end").member("items", items);
        counts.forEach(out::member);
        out.member("damaged", damaged).member("content_sha256", HexFormat.of().formatHex(content.digest()));
        whole.update(out.toUtf8());
        return out.member("sha256", HexFormat.of().formatHex(whole.digest()))
                .endObject()
                .toString();
    }

    static byte[] utf8(String line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
