package dev.ctxmem.log;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// A logger of the JDK's own interface that writes through [LogLines].
final class LineLogger implements System.Logger {
    private final String name;

    LineLogger(String name) {
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return LogLines.current().writes(level);
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            LogLines.current().write(level, name, String.valueOf(message), thrown);
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
            LogLines.current().write(level, name, plain ? message : MessageFormat.format(message, parameters), null);
        }
    }
}
