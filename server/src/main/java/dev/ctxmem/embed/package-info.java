/// Embedders and what stands before them: the batcher with its deadline, the calibration of a model's cosine.
/// The door is [dev.ctxmem.embed.Embedders].
@NullMarked
package dev.ctxmem.embed;

import org.jspecify.annotations.NullMarked;
