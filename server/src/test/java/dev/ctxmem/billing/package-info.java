/// Billing against Stripe's own library and a fake of its API.
@NullMarked
package dev.ctxmem.billing;

import org.jspecify.annotations.NullMarked;
