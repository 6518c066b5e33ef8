package dev.ctxmem;

import dev.ctxmem.cli.Check;
import dev.ctxmem.cli.Operator;
import dev.ctxmem.cli.ServerVerbs;
import dev.ctxmem.client.LocalServer;
import dev.ctxmem.client.LocalServerFile;
import dev.ctxmem.config.Config;
import dev.ctxmem.config.ConfigException;
import dev.ctxmem.config.Key;
import dev.ctxmem.config.LogConfig;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.log.LibraryLog;
import dev.ctxmem.log.LogLines;
import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// The commands that run beside the server's data: `serve`, and what the operator may do.
final class Program implements ServerVerbs {
    /// `EX_SOFTWARE` of sysexits.h: the store had to stop writing.
    private static final int EXIT_STORE_FAILED = 70;

    private final Map<String, String> environment;
    private final InstantSource clock;

    Program(Map<String, String> environment, InstantSource clock) {
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public String version() {
        var properties = new Properties();
        try (var in = Program.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    /// Runs until SIGTERM or SIGINT; a second signal ends the process at once.
    @Override
    public int serve(List<String> arguments) {
        if (arguments.contains("--help")) {
            System.out.println(help());
            return 0;
        }
        var stopped = new CountDownLatch(1);
        var exit = new AtomicInteger();
        try {
            Config config =
                    Config.read(flags(arguments), environment, Path.of("").toAbsolutePath());
            configureLog(config.log());
            App app = App.start(config, version(), clock, cause -> {
                exit.set(EXIT_STORE_FAILED);
                stopped.countDown();
            });
            announce(app);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(app, exit.get())));
            System.err.println("ctx " + version() + " listens on " + app.localUrl());
            stopped.await();
            return exit.get();
        } catch (ConfigException e) {
            e.problems().forEach(problem -> System.err.println("error: " + problem));
            return ConfigException.EXIT_CODE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return EXIT_STORE_FAILED;
        }
    }

    /// Leaves address and keys where this user's commands find them.
    private void announce(App app) {
        LocalServerFile.in(environment)
                .ifPresent(file -> file.write(new LocalServer(
                        app.localUrl(),
                        app.localKey().orElse(null),
                        app.operatorKey(),
                        ProcessHandle.current().pid())));
    }

    private void stop(App app, int exitCode) {
        LocalServerFile.in(environment)
                .ifPresent(file -> file.delete(ProcessHandle.current().pid()));
        app.close();
        // Without this the JVM would report the signal, as if stopping on request were a failure.
        Runtime.getRuntime().halt(exitCode);
    }

    @Override
    public Operator operator() {
        Optional<LocalServer> running = LocalServerFile.in(environment).flatMap(LocalServerFile::read);
        return running.<Operator>map(RemoteOperator::new).orElseGet(() -> {
            configureLog(new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.ERROR, LogConfig.Access.NONE));
            try {
                Config config = Config.read(Map.of(), environment, Path.of("").toAbsolutePath());
                return new DirectOperator(config, version(), clock);
            } catch (ConfigException e) {
                throw new MemoryException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
            }
        });
    }

    @Override
    public List<Check> checks() {
        try {
            Config config = Config.read(Map.of(), environment, Path.of("").toAbsolutePath());
            Path data = config.store().dataDirectory();
            if (!Files.exists(data)) {
                return List.of(
                        Check.passed("settings", config.embedding().toString()),
                        Check.passed("data directory", data + " will be made by the first 'ctx serve'"));
            }
            return List.of(
                    Check.passed("settings", config.embedding().toString()),
                    Files.isWritable(data)
                            ? Check.passed("data directory", data.toString())
                            : Check.failed(
                                    "data directory",
                                    data + " cannot be written.",
                                    "Give it to the user who runs the server, or set " + Key.CTX_DATA_DIR + "."));
        } catch (ConfigException e) {
            return e.problems().stream()
                    .map(problem -> Check.failed("settings", problem, "See docs/configuration.md."))
                    .toList();
        }
    }

    /// Whether a person sits at both ends. There may be no console at all, depending on `jdk.console`.
    static boolean onTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /// `--name value`, `--name=value`. [ConfigException] for anything else.
    private static Map<String, String> flags(List<String> arguments) {
        var flags = new LinkedHashMap<String, String>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--")) {
                throw new ConfigException(List.of("Unknown argument '" + argument + "'; see 'ctx serve --help'."));
            } else if (equals > 0) {
                flags.put(argument.substring(0, equals), argument.substring(equals + 1));
            } else if (i + 1 < arguments.size()) {
                flags.put(argument, arguments.get(++i));
            } else {
                throw new ConfigException(List.of("The option " + argument + " needs a value."));
            }
        }
        return flags;
    }

    private static String help() {
        var help = new StringBuilder(
                "Usage: ctx serve [--NAME VALUE]...\n\nRuns the server. Each setting is an option here,"
                        + " an environment variable, or a line of .env:\n");
        for (Key key : Key.values()) {
            help.append("\n  ").append(key.flag()).append(" (").append(key).append(')');
            key.defaultText().ifPresent(text -> help.append(", default ").append(text));
            help.append("\n      ").append(key.meaning());
        }
        return help.toString();
    }

    void configureLog(LogConfig log) {
        boolean json = switch (log.format()) {
            case JSON -> true;
            case TEXT -> false;
            case AUTO -> !onTerminal();
        };
        LibraryLog.capture();
        LogLines.configure(System.err, json, Level.valueOf(log.level().name()), clock);
    }
}
