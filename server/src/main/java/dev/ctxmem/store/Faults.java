package dev.ctxmem.store;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// Named points at which a crash test lets the process die as if it had been killed: with
/// `-Dctx.faults=before-commit:3,checkpoint:1` the JVM halts at the third `before-commit` or the first
/// `checkpoint`, whichever comes first. Without that property a point costs one look at an empty map.
///
/// The one static state of the program: a fault belongs to the process, as the signal does that it stands for.
public final class Faults {
    /// What a halted process exits with; the same as after SIGKILL.
    public static final int EXIT_STATUS = 137;

    private static final Map<String, AtomicInteger> HITS_LEFT = parse(System.getProperty("ctx.faults", ""));

    private Faults() {}

    public static void hit(String point) {
        if (HITS_LEFT.isEmpty()) {
            return;
        }
        AtomicInteger left = HITS_LEFT.get(point);
        if (left != null && left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT_STATUS);
        }
    }

    private static Map<String, AtomicInteger> parse(String faults) {
        return Arrays.stream(faults.split(","))
                .filter(fault -> !fault.isBlank())
                .map(fault -> fault.split(":", 2))
                .collect(Collectors.toUnmodifiableMap(
                        parts -> parts[0], parts -> new AtomicInteger(Integer.parseInt(parts[1]))));
    }
}
