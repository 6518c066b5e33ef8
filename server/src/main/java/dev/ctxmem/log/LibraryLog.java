package dev.ctxmem.log;

import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Brings what libraries write through `java.util.logging` into our log, as its own lines.
public final class LibraryLog extends Handler {
    /// Takes over from the handlers of the JDK.
    public static void capture() {
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(new LibraryLog());
    }

    @Override
    public void publish(LogRecord line) {
        Level level = level(line);
        if (LogLines.current().writes(level)) {
            Object[] parameters = line.getParameters();
            String message = String.valueOf(line.getMessage());
            LogLines.current()
                    .write(
                            level,
                            String.valueOf(line.getLoggerName()),
                            parameters == null ? message : MessageFormat.format(message, parameters),
                            line.getThrown());
        }
    }

    /// What a library finds worth a warning is seldom worth one to the operator of this server.
    private static Level level(LogRecord line) {
        return line.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue() ? Level.WARNING : Level.DEBUG;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
