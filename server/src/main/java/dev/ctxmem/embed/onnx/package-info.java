/// Embedding models that run in this process, on ONNX Runtime.
@NullMarked
package dev.ctxmem.embed.onnx;

import org.jspecify.annotations.NullMarked;
