package dev.ctxmem.cli;

import org.jspecify.annotations.Nullable;

/// One finding of `ctx doctor`: what was looked at (`name`), what was seen (`detail`), and, where it must
/// change, what to do about it (`remedy`).
public record Check(String name, String detail, @Nullable String remedy) {
    public static Check passed(String name, String detail) {
        return new Check(name, detail, null);
    }

    public static Check failed(String name, String detail, String remedy) {
        return new Check(name, detail, remedy);
    }

    public boolean isPassed() {
        return remedy == null;
    }
}
