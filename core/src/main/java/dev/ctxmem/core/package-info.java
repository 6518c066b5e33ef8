/// What both sides of the wire share: the records, the verbs ([Memories]), and the errors.
@NullMarked
package dev.ctxmem.core;

import org.jspecify.annotations.NullMarked;
