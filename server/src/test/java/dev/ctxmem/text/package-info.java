@NullMarked
package dev.ctxmem.text;

import org.jspecify.annotations.NullMarked;
