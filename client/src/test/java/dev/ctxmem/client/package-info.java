@NullMarked
package dev.ctxmem.client;

import org.jspecify.annotations.NullMarked;
