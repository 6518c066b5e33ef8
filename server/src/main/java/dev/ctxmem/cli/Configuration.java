package dev.ctxmem.cli;

import dev.ctxmem.client.LocalServer;
import dev.ctxmem.client.LocalServerFile;
import dev.ctxmem.client.UserFile;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which server to speak with and with which key: flags, then the environment (`CTX_API_URL`, `CTX_API_KEY`),
/// then the user's configuration file, then the server that runs on this machine.
final class Configuration {
    static final String URL_DEFAULT = "http://127.0.0.1:3000";

    private static final String FILE = "config.json";

    private final GlobalOptions options;
    private final Map<String, String> environment;

    Configuration(GlobalOptions options, Map<String, String> environment) {
        this.options = options;
        this.environment = environment;
    }

    /// Empty for an environment without a home.
    Optional<UserFile> file() {
        return UserFile.config(environment, FILE);
    }

    Setting url() {
        return given(options.apiUrl, "--api-url", "CTX_API_URL", "api_url")
                .or(() ->
                        localServer().map(server -> new Setting(server.url().toString(), "the server on this machine")))
                .orElse(new Setting(URL_DEFAULT, "default"));
    }

    /// The local server's key goes to the local server only: an address from elsewhere never gets it.
    Optional<Setting> apiKey() {
        return given(options.apiKey, "--api-key", "CTX_API_KEY", "api_key")
                .or(() -> localServer()
                        .filter(server -> url().value().equals(server.url().toString()))
                        .flatMap(server -> Optional.ofNullable(server.apiKey()))
                        .map(key -> new Setting(key, "the server on this machine")));
    }

    /// Writes the given values over those of the file and keeps the others; a null keeps, too.
    void save(@Nullable String url, @Nullable String apiKey) {
        UserFile file = file().orElseThrow(() -> new CommandException(
                ExitCode.FAILED,
                "There is no home directory to keep the configuration in.",
                "Set HOME or XDG_CONFIG_HOME."));
        var out = new JsonWriter().beginObject();
        Optional.ofNullable(url).or(() -> saved("api_url")).ifPresent(value -> out.member("api_url", value));
        Optional.ofNullable(apiKey).or(() -> saved("api_key")).ifPresent(value -> out.member("api_key", value));
        file.write(out.endObject().toUtf8());
    }

    private Optional<Setting> given(@Nullable String flag, String flagName, String variable, String member) {
        if (flag != null) {
            return Optional.of(new Setting(flag, flagName));
        }
        String set = environment.getOrDefault(variable, "");
        if (!set.isEmpty()) {
            return Optional.of(new Setting(set, variable));
        }
        return saved(member).map(value -> new Setting(value, String.valueOf(file().orElse(null))));
    }

    private Optional<LocalServer> localServer() {
        return LocalServerFile.in(environment).flatMap(LocalServerFile::read);
    }

    private Optional<String> saved(String member) {
        return file().flatMap(UserFile::read)
                .map(this::parsed)
                .map(members -> members.get(member))
                .map(Json::asString);
    }

    private Map<String, Json> parsed(byte[] content) {
        try {
            return Json.parseBody(content).members();
        } catch (MemoryException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    file().orElseThrow() + " is no configuration: " + e.detail(),
                    "Correct it, or remove it and run 'ctx config --api-key KEY --api-url URL'.");
        }
    }

    /// A value and where it comes from.
    record Setting(String value, String source) {}
}
