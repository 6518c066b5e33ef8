package dev.ctxmem.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One Lua script that answers a list of numbers, called by its hash; a Redis that has forgotten it is sent it again.
final class RedisScript {
    private final String text;
    private final Duration timeout;

    /// @param name of the resource beside this class
    RedisScript(String name, Duration timeout) {
        this.timeout = timeout;
        try (InputStream in = RedisScript.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + name);
            }
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Throws [RedisFailure] when there is no answer in time.
    List<Long> call(StatefulRedisConnection<String, String> redis, String[] keys, String... arguments) {
        String hash = redis.async().digest(text);
        try {
            return await(redis, hash, keys, arguments);
        } catch (RedisNoScriptException e) {
            return load(redis, keys, arguments);
        }
    }

    private List<Long> await(
            StatefulRedisConnection<String, String> redis, String hash, String[] keys, String... arguments) {
        return get(redis.async().<List<Long>>evalsha(hash, ScriptOutputType.MULTI, keys, arguments));
    }

    private List<Long> load(StatefulRedisConnection<String, String> redis, String[] keys, String... arguments) {
        return get(redis.async().<List<Long>>eval(text, ScriptOutputType.MULTI, keys, arguments));
    }

    private List<Long> get(RedisFuture<List<Long>> answer) {
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new RedisFailure(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisNoScriptException missing) {
                throw missing;
            }
            throw new RedisFailure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisFailure(e);
        }
    }

    /// Redis did not answer, not in time, or not as it should.
    static final class RedisFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RedisFailure(Throwable cause) {
            super("Redis does not answer.", cause);
        }
    }
}
