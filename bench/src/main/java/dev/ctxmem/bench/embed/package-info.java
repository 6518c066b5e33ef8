/// How many texts a local model embeds.
@NullMarked
package dev.ctxmem.bench.embed;

import org.jspecify.annotations.NullMarked;
