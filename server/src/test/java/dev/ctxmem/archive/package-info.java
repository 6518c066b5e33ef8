@NullMarked
package dev.ctxmem.archive;

import org.jspecify.annotations.NullMarked;
