/// Embedding models behind OpenAI's API or one that is compatible with it.
@NullMarked
package dev.ctxmem.embed.openai;

import org.jspecify.annotations.NullMarked;
