/// The chart and the manifests, rendered and held against the models of the Kubernetes API.
@NullMarked
package dev.ctxmem.deploy;

import org.jspecify.annotations.NullMarked;
