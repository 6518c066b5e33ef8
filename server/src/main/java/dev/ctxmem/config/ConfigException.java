package dev.ctxmem.config;

import java.io.Serial;
import java.util.List;

/// Configuration that the server does not start with: one sentence per problem.
public final class ConfigException extends RuntimeException {
    /// `EX_CONFIG` of sysexits.h.
    public static final int EXIT_CODE = 78;

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
