package dev.ctxmem.core;

import java.time.Instant;
import java.time.ZoneOffset;

/// Times as the wire writes them: RFC 3339, UTC, `Z`, exactly three decimals (older Pythons parse neither one
/// nor nine).
public final class Rfc3339 {
    private Rfc3339() {}

    public static String format(Instant instant) {
        return append(instant, new StringBuilder(24)).toString();
    }

    static StringBuilder append(Instant instant, StringBuilder out) {
        var time = instant.atOffset(ZoneOffset.UTC);
        digits(out, time.getYear(), 1000).append('-');
        digits(out, time.getMonthValue(), 10).append('-');
        digits(out, time.getDayOfMonth(), 10).append('T');
        digits(out, time.getHour(), 10).append(':');
        digits(out, time.getMinute(), 10).append(':');
        digits(out, time.getSecond(), 10).append('.');
        return digits(out, time.getNano() / 1_000_000, 100).append('Z');
    }

    private static StringBuilder digits(StringBuilder out, int number, int highest) {
        for (int place = highest; place > 0; place /= 10) {
            out.append((char) ('0' + number / place % 10));
        }
        return out;
    }
}
