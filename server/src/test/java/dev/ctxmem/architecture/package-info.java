/// The rules of this code as tests: who may use whom, what files look like, and that the catalogues and the
/// launcher keep their word.
@NullMarked
package dev.ctxmem.architecture;

import org.jspecify.annotations.NullMarked;
