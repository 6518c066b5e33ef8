/// The behaviour of the whole, whatever the door.
@NullMarked
package dev.ctxmem;

import org.jspecify.annotations.NullMarked;
