package dev.ctxmem.log;

import java.io.PrintWriter;
import java.io.StringWriter;

/// A throwable as text, with its causes.
final class StackTraces {
    private StackTraces() {}

    static String text(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString().stripTrailing();
    }
}
