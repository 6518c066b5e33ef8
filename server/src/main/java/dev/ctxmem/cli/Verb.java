package dev.ctxmem.cli;

import java.util.function.Function;

/// One command of `ctx`: its name, how it is made, and its other names.
record Verb(String name, Function<Session, Object> command, String... aliases) {
    /// The name of the command that needs to see all the others.
    static final String COMPLETION = "completion";

    boolean isCalled(String typed) {
        for (String alias : aliases) {
            if (alias.equals(typed)) {
                return true;
            }
        }
        return name.equals(typed);
    }

    boolean describesAll() {
        return name.equals(COMPLETION);
    }
}
