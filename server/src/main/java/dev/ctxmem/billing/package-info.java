/// Payments by Stripe: pages to pay on, and events that move accounts between tiers.
@NullMarked
package dev.ctxmem.billing;

import org.jspecify.annotations.NullMarked;
