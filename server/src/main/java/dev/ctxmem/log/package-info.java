/// The log: one line per event, JSON or readable text, with anything that looks like a key blotted out.
@NullMarked
package dev.ctxmem.log;

import org.jspecify.annotations.NullMarked;
