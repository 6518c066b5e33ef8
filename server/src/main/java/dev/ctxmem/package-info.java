/// The program: [dev.ctxmem.Main] and the wiring of all parts in [dev.ctxmem.App].
@NullMarked
package dev.ctxmem;

import org.jspecify.annotations.NullMarked;
