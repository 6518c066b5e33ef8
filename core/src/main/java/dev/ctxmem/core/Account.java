package dev.ctxmem.core;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The owner of everything: its namespaces, entries and keys are seen by nobody else.
public record Account(UUID id, String email, @Nullable String name, Tier tier, Instant createdAt) {}
