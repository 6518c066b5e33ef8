/// Counting over all instances: rate limits in Redis.
@NullMarked
package dev.ctxmem.redis;

import org.jspecify.annotations.NullMarked;
