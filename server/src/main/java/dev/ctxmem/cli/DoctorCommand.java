package dev.ctxmem.cli;

import dev.ctxmem.client.UserFile;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.SearchQuery;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

@Command(
        name = "doctor",
        description = "Check this machine, its configuration and its server, and say what to do about each problem.")
final class DoctorCommand implements Callable<Integer> {
    private static final int JAVA_MIN = 25;
    private static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofSeconds(30);

    private final Session session;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var checks = new ArrayList<Check>();
        checks.add(java());
        checks.add(tried("configuration", this::configuration));
        if (passes("server", this::server, checks)) {
            checks.add(tried("clock", this::clock));
            if (passes("API key", this::apiKey, checks)) {
                checks.add(tried("search", this::search));
            }
        }
        checks.addAll(session.verbs.checks());
        session.show(document(checks), out -> checks.forEach(check -> print(check, out)));
        return checks.stream().allMatch(Check::isPassed) ? ExitCode.OK.number() : ExitCode.FAILED.number();
    }

    private static Check java() {
        int feature = Runtime.version().feature();
        return feature >= JAVA_MIN
                ? Check.passed("Java", Runtime.version().toString())
                : Check.failed("Java", Runtime.version().toString(), "Install Java " + JAVA_MIN + " or newer.");
    }

    private Check configuration() {
        UserFile file = session.configuration.file().orElse(null);
        if (file == null) {
            return Check.failed("configuration", "There is no home directory.", "Set HOME or XDG_CONFIG_HOME.");
        }
        if (file.isOpenToOthers()) {
            return Check.failed(
                    "configuration", "Others may read the key in " + file + ".", "Run 'chmod 600 " + file + "'.");
        }
        String server = session.configuration.url().source();
        String key = session.configuration
                .apiKey()
                .map(Configuration.Setting::source)
                .orElse("nowhere");
        return Check.passed("configuration", file + "; address from " + server + ", key from " + key);
    }

    private Check server() {
        var health = session.server().health();
        return Check.passed("server", session.configuration.url().value() + " runs version " + health.version());
    }

    private Check clock() {
        var difference = Duration.between(session.server().health().timestamp(), session.clock.instant());
        String seconds = Math.abs(difference.toSeconds()) + " s " + (difference.isNegative() ? "behind" : "ahead of");
        return difference.abs().compareTo(CLOCK_DIFFERENCE_MAX) <= 0
                ? Check.passed("clock", "with the server's")
                : Check.failed(
                        "clock",
                        "This machine's clock is " + seconds + " the server's.",
                        "Synchronise both clocks: expiries are counted by the server's.");
    }

    private Check apiKey() {
        var account = session.memories().account().account();
        return Check.passed(
                "API key", "of " + account.email() + ", tier " + account.tier().wireName());
    }

    private Check search() {
        session.memories().search(SearchQuery.of("does search work"));
        return Check.passed("search", "answers");
    }

    private static boolean passes(String name, Supplier<Check> check, List<Check> checks) {
        checks.add(tried(name, check));
        return checks.getLast().isPassed();
    }

    private static Check tried(String name, Supplier<Check> check) {
        try {
            return check.get();
        } catch (MemoryException e) {
            return Check.failed(
                    name,
                    e.detail(),
                    Objects.requireNonNullElse(Failures.hint(e), e.code().hint()));
        } catch (CommandException e) {
            return Check.failed(name, String.valueOf(e.getMessage()), e.hint());
        } catch (UncheckedIOException e) {
            return Check.failed(name, String.valueOf(e.getMessage()), "Make the file readable for yourself.");
        }
    }

    private static void print(Check check, Output out) {
        String mark = check.isPassed() ? out.green("✓") : out.red("✗");
        out.line(mark + " " + check.name() + ": " + Printable.line(check.detail()));
        if (check.remedy() != null) {
            out.line("  " + Printable.line(check.remedy()));
        }
    }

    private static Json document(List<Check> checks) {
        var out = new JsonWriter().beginObject().name("checks").beginArray();
        for (Check check : checks) {
            out.beginObject()
                    .member("name", check.name())
                    .member("ok", check.isPassed())
                    .member("detail", check.detail())
                    .member("hint", check.remedy())
                    .endObject();
        }
        return Json.parse(out.endArray().endObject().toString());
    }
}
