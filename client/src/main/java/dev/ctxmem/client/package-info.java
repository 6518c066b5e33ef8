/// The Java SDK: [dev.ctxmem.core.Memories] over HTTP ([HttpMemories]), the calls that need no key ([Server]),
/// and the user's own files that tell where a server is ([UserFile], [LocalServer]).
@NullMarked
package dev.ctxmem.client;

import org.jspecify.annotations.NullMarked;
