package dev.ctxmem.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs of the tests' class path, each in a Java of its own.
public final class Programs {
    private Programs() {}

    /// A main class, with further options of Java.
    public static ProcessBuilder java(List<String> options, String main, String... arguments) {
        return javaWith("", options, main, arguments);
    }

    /// With a prefix of the class path, which ends in the separator.
    public static ProcessBuilder javaWith(
            String firstOnClassPath, List<String> options, String main, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", firstOnClassPath + System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /// `ctx`, with no setting but the place of its files; all that it prints goes to one stream.
    public static ProcessBuilder ctx(Path home, String... arguments) {
        ProcessBuilder builder = java(List.of("-Xmx256m"), "dev.ctxmem.Main", arguments)
                .directory(home.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CTX_") || name.startsWith("EMBEDDING_"));
        builder.environment().put("XDG_STATE_HOME", home.toString());
        builder.environment().put("HOME", home.toString());
        return builder;
    }
}
