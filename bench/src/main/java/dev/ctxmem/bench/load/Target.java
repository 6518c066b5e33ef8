package dev.ctxmem.bench.load;

import java.net.URI;

/// A server under load and a key to it.
record Target(String name, URI server, String key) {}
