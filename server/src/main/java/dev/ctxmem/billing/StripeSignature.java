package dev.ctxmem.billing;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Who sent an event: `Stripe-Signature: t=SECONDS,v1=HEX,…`, where HEX is HMAC-SHA256 over `SECONDS.BODY`
/// (docs.stripe.com/webhooks, "Verify manually"). Thread-safe.
final class StripeSignature {
    /// How far the time of a signature may be from ours, on either side: an older event is a replay.
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    /// While a secret is rolled Stripe signs with two; more would only cost time.
    private static final int SIGNATURES_MAX = 8;

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final InstantSource clock;

    StripeSignature(String secret, InstantSource clock) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.clock = clock;
    }

    /// BAD_SIGNATURE, one answer for every reason.
    void check(byte[] body, @Nullable String header) {
        if (header == null) {
            throw bad();
        }
        String time = null;
        var given = new ArrayList<byte[]>();
        for (String item : header.split(",", -1)) {
            int equals = item.indexOf('=');
            String name = equals < 0 ? "" : item.substring(0, equals).strip();
            if (name.equals("t")) {
                time = item.substring(equals + 1).strip();
            } else if (name.equals("v1") && given.size() < SIGNATURES_MAX) {
                given.add(item.substring(equals + 1).strip().getBytes(StandardCharsets.UTF_8));
            }
        }
        if (time == null || !isNow(time) || !isSigned(time, body, given)) {
            throw bad();
        }
    }

    private boolean isNow(String seconds) {
        try {
            Instant signedAt = Instant.ofEpochSecond(Long.parseLong(seconds));
            return Duration.between(signedAt, clock.instant()).abs().compareTo(TOLERANCE) <= 0;
        } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
            return false;
        }
    }

    private boolean isSigned(String time, byte[] body, List<byte[]> given) {
        byte[] expected = sign(time, body).getBytes(StandardCharsets.UTF_8);
        boolean signed = false;
        for (byte[] signature : given) {
            signed |= MessageDigest.isEqual(expected, signature);
        }
        return signed;
    }

    private String sign(String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MemoryException bad() {
        return new MemoryException(
                ErrorCode.BAD_SIGNATURE, "The signature is missing, wrong, or not from the last minutes.");
    }
}
