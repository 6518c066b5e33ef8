package dev.ctxmem.http;

/// The verbs over HTTP on the embedded store.
class EmbeddedMemoriesTest extends HttpMemoriesContract {
    @Override
    TestServer serve() {
        return TestServer.start();
    }
}
