/// The rules of the product and its ports: no I/O, nothing but the core module and the JDK.
@NullMarked
package dev.ctxmem.memory;

import org.jspecify.annotations.NullMarked;
