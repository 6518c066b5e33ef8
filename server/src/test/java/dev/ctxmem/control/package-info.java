/// Negative controls: seeded bugs that the tests of the promises must notice.
@NullMarked
package dev.ctxmem.control;

import org.jspecify.annotations.NullMarked;
