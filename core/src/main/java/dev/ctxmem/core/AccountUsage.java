package dev.ctxmem.core;

/// An account with where it stands against its tier. `requests` counts the current calendar month in UTC.
public record AccountUsage(Account account, Quota namespaces, Quota entries, Quota requests) {}
