package dev.ctxmem.log;

import dev.ctxmem.core.JsonWriter;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where log lines go, and in which form. The JDK makes loggers by itself and early, so this is the one place
/// of the program that is set up once for the whole process. Thread-safe.
public final class LogLines {
    private static final Pattern SECRET =
            Pattern.compile("ctx_[A-Za-z0-9_-]{8,}|sk[-_][A-Za-z0-9_-]{8,}|whsec_[A-Za-z0-9+/=_-]{8,}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private static volatile LogLines current = new LogLines(System.err, false, Level.WARNING, InstantSource.system());

    private final PrintStream out;
    private final boolean json;
    private final Level threshold;
    private final InstantSource clock;

    private LogLines(PrintStream out, boolean json, Level threshold, InstantSource clock) {
        this.out = out;
        this.json = json;
        this.threshold = threshold;
        this.clock = clock;
    }

    /// Sets where and how the whole process logs from now on.
    public static void configure(PrintStream out, boolean json, Level threshold, InstantSource clock) {
        current = new LogLines(out, json, threshold, clock);
    }

    static LogLines current() {
        return current;
    }

    /// Writes the line of one request, in whichever form the log has.
    public static void request(String jsonLine, String textLine) {
        LogLines lines = current;
        if (lines.writes(Level.INFO)) {
            lines.out.println(lines.json ? jsonLine : lines.textLine(Level.INFO, textLine, null));
        }
    }

    boolean writes(Level level) {
        return level.getSeverity() >= threshold.getSeverity() && level != Level.OFF;
    }

    void write(Level level, String logger, String message, @Nullable Throwable thrown) {
        String line = json ? jsonLine(level, logger, message, thrown) : textLine(level, message, thrown);
        out.println(SECRET.matcher(line).replaceAll("[redacted]"));
    }

    private String jsonLine(Level level, String logger, String message, @Nullable Throwable thrown) {
        var line = new JsonWriter().beginObject();
        line.member("time", clock.instant()).member("level", level.getName()).member("logger", logger);
        line.member("message", message);
        if (thrown != null) {
            line.member("error", StackTraces.text(thrown));
        }
        return line.endObject().toString();
    }

    /// Control characters are escaped, so that nothing stored can forge a line or move a cursor.
    private String textLine(Level level, String message, @Nullable Throwable thrown) {
        var line = new StringBuilder(TIME.format(clock.instant()));
        line.append(' ').append(level.getName()).append(' ');
        message.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        if (thrown != null) {
            line.append(System.lineSeparator()).append(StackTraces.text(thrown));
        }
        return line.toString();
    }
}
