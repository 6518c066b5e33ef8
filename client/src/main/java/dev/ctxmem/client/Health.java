package dev.ctxmem.client;

import java.time.Instant;

/// What a living server says of itself: its version, and its clock at the moment of the answer.
public record Health(String version, Instant timestamp) {}
