package dev.ctxmem.http;

/// One line of [Routes]: which requests a handler answers, and for whom.
record Route(String method, Template template, Access access, Handler handler) {
    /// Answers a request, or throws a [dev.ctxmem.core.MemoryException].
    interface Handler {
        Answer answer(Call call);
    }
}
