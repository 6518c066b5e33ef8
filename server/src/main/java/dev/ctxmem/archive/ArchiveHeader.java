package dev.ctxmem.archive;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The first line of an archive: what it is, and where it comes from.
///
/// @param productVersion of the program that wrote it
/// @param store the kind of store it was written from, for people
/// @param pepperCheck tells one generated pepper from another without telling it; null where there was none
public record ArchiveHeader(
        String productVersion,
        String store,
        Instant writtenAt,
        @Nullable String pepperCheck) {
    static final String FORMAT = "context-memory-archive";

    /// Grows with every change that an older program could not read.
    static final long VERSION = 1;

    String line() {
        return new JsonWriter()
                .beginObject()
                .member("format", FORMAT)
                .member("format_version", VERSION)
                .member("product_version", productVersion)
                .member("store", store)
                .member("written_at", writtenAt)
                .member("pepper_check", pepperCheck)
                .endObject()
                .toString();
    }

    /// INVALID_VALUE for what is no archive, or one of a newer version.
    static ArchiveHeader parse(String line) {
        Map<String, Json> members;
        try {
            Json json = Json.parse(line);
            members = json.isObject() ? json.members() : Map.of();
        } catch (MemoryException e) {
            throw foreign(e);
        }
        Json format = members.get("format");
        if (format == null || !format.isString() || !format.asString().equals(FORMAT)) {
            throw foreign(null);
        }
        try {
            Members header = new Members(members);
            long version = header.whole("format_version");
            if (version > VERSION) {
                throw new MemoryException(
                        ErrorCode.INVALID_VALUE,
                        "The file has format version " + version + ", this program knows up to " + VERSION
                                + ". Use the newer program that wrote it.");
            }
            return new ArchiveHeader(
                    header.string("product_version"),
                    header.string("store"),
                    header.time("written_at"),
                    header.optionalString("pepper_check"));
        } catch (RuntimeException e) {
            throw e instanceof MemoryException known && known.detail().startsWith("The file has") ? known : foreign(e);
        }
    }

    private static MemoryException foreign(@Nullable Throwable cause) {
        String detail = "The file is not an archive of Context Memory.";
        return cause == null
                ? new MemoryException(ErrorCode.INVALID_VALUE, detail)
                : new MemoryException(ErrorCode.INVALID_VALUE, detail, cause);
    }
}
