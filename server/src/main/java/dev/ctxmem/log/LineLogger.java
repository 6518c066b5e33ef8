package dev.ctxmem.log;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// A logger of the JDK's own interface that writes through [LogLines].
final class LineLogger implements System.Logger {
    private static final String OURS = "dev.ctxmem";

    private final String name;
    private final boolean ours;

    LineLogger(String name) {
        this.name = name;
        this.ours = name.startsWith(OURS);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return LogLines.current().writes(level(level));
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            LogLines.current().write(level(level), name, String.valueOf(message), thrown);
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            String message = String.valueOf(format);
            boolean plain = parameters == null || parameters.length == 0;
            LogLines.current()
                    .write(level(level), name, plain ? message : MessageFormat.format(message, parameters), null);
        }
    }

    /// What a library tells about its own life is for those who look closely.
    private Level level(Level level) {
        return ours || level.getSeverity() >= Level.WARNING.getSeverity() ? level : Level.DEBUG;
    }
}
