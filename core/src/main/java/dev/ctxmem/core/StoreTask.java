package dev.ctxmem.core;

import org.jspecify.annotations.Nullable;

/// Work on a whole store that its operator asks for and that takes its time. Files are on the machine of the
/// store, by their absolute paths.
public sealed interface StoreTask {
    /// Writes everything into a new file, one JSON document a line; with `withPepper` the generated pepper into
    /// another one beside it.
    record Export(String file, boolean withPepper) implements StoreTask {}

    /// Adds everything from such a file, or says with `dryRun` whether that would work.
    record Import(String file, boolean withPepper, boolean dryRun) implements StoreTask {}

    /// Copies the store as it is now into a new file.
    record Backup(String file, boolean withPepper) implements StoreTask {}

    /// Puts a backup in the place of the store, which must be empty unless `force` says otherwise.
    record Restore(String file, boolean withPepper, boolean force, boolean dryRun) implements StoreTask {}

    /// Moves all entries to another embedding model while the store is in use. What is null is as the server is
    /// configured.
    record Reembed(
            @Nullable String provider,
            @Nullable String model,
            @Nullable Integer dimensions) implements StoreTask {}

    /// Its name, in commands and on the wire.
    default String kind() {
        return switch (this) {
            case Export _ -> "export";
            case Import _ -> "import";
            case Backup _ -> "backup";
            case Restore _ -> "restore";
            case Reembed _ -> "reembed";
        };
    }

    /// The task that [#writeTo] wrote. INVALID_VALUE.
    static StoreTask parse(Json json) {
        var members = json.members();
        Json kind = members.get("task");
        if (kind == null || !kind.isString()) {
            throw MemoryException.invalid("/task", "is required");
        }
        boolean withPepper = isTrue(members.get("with_pepper"));
        boolean dryRun = isTrue(members.get("dry_run"));
        return switch (kind.asString()) {
            case "export" -> new Export(file(members.get("file")), withPepper);
            case "import" -> new Import(file(members.get("file")), withPepper, dryRun);
            case "backup" -> new Backup(file(members.get("file")), withPepper);
            case "restore" -> new Restore(file(members.get("file")), withPepper, isTrue(members.get("force")), dryRun);
            case "reembed" ->
                new Reembed(
                        text(members.get("provider")),
                        text(members.get("model")),
                        dimensions(members.get("dimensions")));
            default -> throw MemoryException.invalid("/task", "must be export, import, backup, restore or reembed");
        };
    }

    /// As one JSON object.
    default JsonWriter write() {
        JsonWriter out = new JsonWriter().beginObject().member("task", kind());
        switch (this) {
            case Export(String file, boolean withPepper) ->
                out.member("file", file).member("with_pepper", withPepper);
            case Import(String file, boolean withPepper, boolean dryRun) ->
                out.member("file", file).member("with_pepper", withPepper).member("dry_run", dryRun);
            case Backup(String file, boolean withPepper) ->
                out.member("file", file).member("with_pepper", withPepper);
            case Restore(String file, boolean withPepper, boolean force, boolean dryRun) ->
                out.member("file", file)
                        .member("with_pepper", withPepper)
                        .member("force", force)
                        .member("dry_run", dryRun);
            case Reembed(String provider, String model, Integer dimensions) -> {
                out.member("provider", provider).member("model", model).name("dimensions");
                if (dimensions == null) {
                    out.value(Json.NULL);
                } else {
                    out.value((long) dimensions);
                }
            }
        }
        return out.endObject();
    }

    private static boolean isTrue(@Nullable Json json) {
        return json != null && json.text().equals("true");
    }

    private static String file(@Nullable Json json) {
        String file = text(json);
        if (file == null || !(file.startsWith("/") || file.matches("[A-Za-z]:\\\\.*"))) {
            throw MemoryException.invalid("/file", "must be an absolute path");
        }
        return file;
    }

    private static @Nullable String text(@Nullable Json json) {
        return json == null || json.isNull() ? null : json.asString();
    }

    private static @Nullable Integer dimensions(@Nullable Json json) {
        if (json == null || json.isNull()) {
            return null;
        }
        if (!json.text().matches("[1-9]\\d{0,3}") || Integer.parseInt(json.text()) > Limits.VECTOR_DIMENSIONS_MAX) {
            throw MemoryException.invalid("/dimensions", "must be 1 to " + Limits.VECTOR_DIMENSIONS_MAX);
        }
        return Integer.valueOf(json.text());
    }
}
