/// The configuration: one immutable record tree, read once. The only place that looks at the environment.
@NullMarked
package dev.ctxmem.config;

import org.jspecify.annotations.NullMarked;
