/// The product's verbs over HTTP/1.1, as `api/openapi.yaml` says: [dev.ctxmem.http.HttpServer] is the door,
/// `Routes` lists every route, one file per resource holds the handlers.
@NullMarked
package dev.ctxmem.http;

import org.jspecify.annotations.NullMarked;
