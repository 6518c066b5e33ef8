@NullMarked
package dev.ctxmem.embed.openai;

import org.jspecify.annotations.NullMarked;
