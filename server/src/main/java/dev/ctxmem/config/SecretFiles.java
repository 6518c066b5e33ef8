package dev.ctxmem.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Secrets that a name only points to: `API_KEY_SALT_FILE` is a file with the value of `API_KEY_SALT`, as container
/// platforms mount them. An empty file sets nothing.
final class SecretFiles {
    private static final String SUFFIX = "_FILE";
    private static final Set<Key> SECRETS = EnumSet.of(
            Key.DATABASE_URL,
            Key.DATABASE_MIGRATION_URL,
            Key.API_KEY_SALT,
            Key.API_KEY_SALT_PREVIOUS,
            Key.REDIS_URL,
            Key.OPENAI_API_KEY,
            Key.STRIPE_SECRET_KEY,
            Key.STRIPE_WEBHOOK_SECRET,
            Key.METRICS_TOKEN,
            Key.OTEL_EXPORTER_OTLP_HEADERS);

    private SecretFiles() {}

    /// `given` with every file in the place of the name that points to it.
    static Map<String, String> read(Map<String, String> given, Path workingDirectory, List<String> problems) {
        var values = new HashMap<>(given);
        for (Key key : SECRETS) {
            String file = values.remove(key + SUFFIX);
            if (file == null || file.isBlank()) {
                continue;
            }
            if (!values.getOrDefault(key.name(), "").isBlank()) {
                problems.add("Set " + key + " or " + key + SUFFIX + ", not both.");
                continue;
            }
            try {
                values.put(key.name(), Files.readString(workingDirectory.resolve(file)));
            } catch (IOException e) {
                problems.add(key + SUFFIX + " names " + file + ", which cannot be read.");
            }
        }
        return values;
    }
}
