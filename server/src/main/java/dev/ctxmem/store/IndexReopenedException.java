package dev.ctxmem.store;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// Says that a [SearchIndex] failed in the middle of a change and was opened anew from its last durable state.
/// The change that throws it is not in the index, nor is any other after [SearchIndex#durableSequence], which
/// may be 0 now: feed them again. Searches fail until the next change, and then miss what is not fed yet.
public final class IndexReopenedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public IndexReopenedException(@Nullable Throwable cause) {
        super("The search index failed and was opened anew from its last durable state.", cause);
    }
}
