/// The Java SDK: [dev.ctxmem.core.Memories] over HTTP.
@NullMarked
package dev.ctxmem.client;

import org.jspecify.annotations.NullMarked;
