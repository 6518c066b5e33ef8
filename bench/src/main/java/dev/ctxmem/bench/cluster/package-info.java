/// The trial of a whole installation: load on it while its parts are killed, paused and restarted, and a check of
/// every answer.
@NullMarked
package dev.ctxmem.bench.cluster;

import org.jspecify.annotations.NullMarked;
