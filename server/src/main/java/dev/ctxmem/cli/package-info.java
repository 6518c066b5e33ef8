/// The command line `ctx`, on the client module alone: what it needs of the server comes in through
/// [ServerVerbs].
@NullMarked
package dev.ctxmem.cli;

import org.jspecify.annotations.NullMarked;
