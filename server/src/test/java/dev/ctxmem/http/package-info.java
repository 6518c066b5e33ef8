@NullMarked
package dev.ctxmem.http;

import org.jspecify.annotations.NullMarked;
