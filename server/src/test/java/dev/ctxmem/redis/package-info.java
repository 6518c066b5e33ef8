@NullMarked
package dev.ctxmem.redis;

import org.jspecify.annotations.NullMarked;
