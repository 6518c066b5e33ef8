@NullMarked
package dev.ctxmem.cli;

import org.jspecify.annotations.NullMarked;
