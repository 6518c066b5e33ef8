package dev.ctxmem.cli;

import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.UserFile;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "config",
        description = "Keep the API key and the server's address, or show what is in force.",
        footer = {
            "",
            "ctx config --api-key KEY --api-url URL   keeps them; '--api-key -' reads the key from the standard input.",
            "ctx config --show                        tells the values in force and where each comes from."
        })
final class ConfigCommand implements Runnable {
    private static final int MASKED_START = 7;
    private static final int MASKED_END = 4;

    private final Session session;

    @Option(names = "--show", description = "Show the values in force (the default without --api-key and --api-url).")
    private boolean show;

    ConfigCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        String url = session.options().apiUrl;
        String apiKey = session.options().apiKey;
        if (!show && (url != null || apiKey != null)) {
            keep(url, apiKey);
        } else {
            show();
        }
    }

    private void keep(@Nullable String url, @Nullable String apiKey) {
        String key = "-".equals(apiKey) ? session.readLine() : apiKey;
        if (key != null && key.isEmpty()) {
            throw CommandException.usage("The API key is empty.", "Give one, or remove the file to forget it.");
        }
        session.configuration.save(url == null ? null : Endpoint.at(url).url().toString(), key);
        session.output.note("Kept in " + session.configuration.file().orElseThrow() + ".");
    }

    private void show() {
        Configuration.Setting url = session.configuration.url();
        Optional<Configuration.Setting> apiKey = session.configuration.apiKey();
        String file = session.configuration.file().map(UserFile::toString).orElse(null);
        var document = new JsonWriter()
                .beginObject()
                .member("config_file", file)
                .member("api_url", url.value())
                .member("api_url_source", url.source())
                .member("api_key", apiKey.map(key -> masked(key.value())).orElse(null))
                .member(
                        "api_key_source",
                        apiKey.map(Configuration.Setting::source).orElse(null))
                .endObject();
        session.show(Json.parse(document.toString()), out -> {
            out.line("file     " + Printable.line(file == null ? "none: there is no home directory" : file));
            out.line("api-url  " + Printable.line(url.value() + "  (" + url.source() + ")"));
            out.line("api-key  "
                    + Printable.line(apiKey.map(key -> masked(key.value()) + "  (" + key.source() + ")")
                            .orElse("none")));
        });
    }

    /// Enough of a key to tell it from others, and too little to use it.
    static String masked(String apiKey) {
        if (apiKey.length() < 3 * (MASKED_START + MASKED_END)) {
            return "…";
        }
        return apiKey.substring(0, MASKED_START) + "…" + apiKey.substring(apiKey.length() - MASKED_END);
    }
}
