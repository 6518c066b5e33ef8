package dev.ctxmem.cli;

import dev.ctxmem.core.Rfc3339;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a command prints: answers go to `out`, everything about them to `err`. Always UTF-8, whatever the
/// locale, so that a value leaves byte for byte as it came.
final class Output {
    private static final int MINUTES = "2026-01-02T03:04".length();
    private static final String RESET = "\u001b[0m";

    private final PrintStream target;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean colours;

    Output(PrintStream out, PrintStream err, boolean colours) {
        this.target = out;
        this.out = new PrintStream(new BufferedOutputStream(out), false, StandardCharsets.UTF_8);
        this.err = new PrintStream(new BufferedOutputStream(err), false, StandardCharsets.UTF_8);
        this.colours = colours;
    }

    boolean colours() {
        return colours;
    }

    /// One line of an answer.
    void line(String text) {
        out.append(text).append('\n');
    }

    /// One line that is not part of the answer.
    void note(String text) {
        err.append(text).append('\n');
        err.flush();
    }

    /// A question, without a line break behind it.
    void ask(String question) {
        err.append(question);
        err.flush();
    }

    void error(String message, @Nullable String hint) {
        flush();
        note(painted("\u001b[31m", "error:") + " " + Printable.block(message));
        if (hint != null) {
            note(painted("\u001b[36m", "hint:") + " " + Printable.block(hint));
        }
    }

    /// A fault of this program, with its trace for the report.
    void fault(Throwable fault) {
        flush();
        fault.printStackTrace(err);
        error("This is a fault of ctx itself: " + fault, "Please report it with the lines above.");
    }

    /// Rows under headings, in columns; the cells are made safe here. The last column is not padded.
    void table(List<String> headings, List<List<String>> rows) {
        var cells = new ArrayList<List<String>>(rows.size());
        int[] widths = new int[headings.size()];
        for (List<String> row : rows) {
            cells.add(row.stream().map(Printable::line).toList());
        }
        for (int column = 0; column < widths.length; column++) {
            widths[column] = headings.get(column).length();
            for (List<String> row : cells) {
                String cell = row.get(column);
                widths[column] = Math.max(widths[column], cell.codePointCount(0, cell.length()));
            }
        }
        line(dim(aligned(headings, widths)));
        for (List<String> row : cells) {
            line(aligned(row, widths));
        }
    }

    String bold(String text) {
        return painted("\u001b[1m", text);
    }

    String dim(String text) {
        return painted("\u001b[2m", text);
    }

    String green(String text) {
        return painted("\u001b[32m", text);
    }

    String red(String text) {
        return painted("\u001b[31m", text);
    }

    /// To the minute, in UTC; `never` stands for null.
    static String time(@Nullable Instant instant, String never) {
        return instant == null
                ? never
                : Rfc3339.format(instant).substring(0, MINUTES).replace('T', ' ') + "Z";
    }

    PrintWriter outWriter() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    PrintWriter errWriter() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }

    /// Whether everything printed has been taken: a full disk must not look like success. The stream behind
    /// ours keeps its failures to itself, too.
    boolean flush() {
        err.flush();
        return !out.checkError() && !target.checkError();
    }

    private String painted(String colour, String text) {
        return colours ? colour + text + RESET : text;
    }

    private static String aligned(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            line.append(cell);
            if (column < widths.length - 1) {
                line.repeat(' ', widths[column] - cell.codePointCount(0, cell.length()) + 2);
            }
        }
        return line.toString().stripTrailing();
    }
}
