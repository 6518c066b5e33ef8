@NullMarked
package dev.ctxmem.embed;

import org.jspecify.annotations.NullMarked;
