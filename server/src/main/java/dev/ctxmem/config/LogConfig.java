package dev.ctxmem.config;

/// How the log is written.
public record LogConfig(Format format, Level level, Access access) {
    /// `AUTO` is text on a terminal, else JSON.
    public enum Format {
        AUTO,
        JSON,
        TEXT
    }

    /// The least severe level that is written.
    public enum Level {
        DEBUG,
        INFO,
        WARNING,
        ERROR
    }

    /// Which requests leave a line.
    public enum Access {
        ALL,
        ERRORS,
        NONE
    }
}
