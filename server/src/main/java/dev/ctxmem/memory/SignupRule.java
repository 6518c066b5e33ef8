package dev.ctxmem.memory;

/// Who may sign up by themselves: `FIRST` the very first account of an empty server, `OPEN` anybody, `CLOSED`
/// nobody.
public enum SignupRule {
    FIRST,
    OPEN,
    CLOSED
}
