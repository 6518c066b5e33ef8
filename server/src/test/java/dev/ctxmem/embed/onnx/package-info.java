@NullMarked
package dev.ctxmem.embed.onnx;

import org.jspecify.annotations.NullMarked;
