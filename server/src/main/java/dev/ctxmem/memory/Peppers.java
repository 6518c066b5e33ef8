package dev.ctxmem.memory;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The secrets under which keys are hashed, so that a stolen table of hashes is worth nothing. New hashes are
/// made under the first; keys found under a later one move to the first on their next use.
public final class Peppers {
    /// Values that the guide and `.env.example` print: they count as unset.
    static final Set<String> PLACEHOLDERS = Set.of("your-random-salt", "change-this-to-a-random-string");

    /// Shorter ones are used, with a warning.
    static final int STRONG_CHARACTERS = 32;

    /// The setting that tells under which configured pepper keys exist.
    public static final String CHECK_SETTING = "pepper.check";
    private static final String CHECK_TEXT = "context-memory pepper check";

    private final List<byte[]> active;

    private Peppers(List<byte[]> active) {
        this.active = List.copyOf(active);
    }

    /// Finds the peppers in force. `configured` and `previous` are the operator's, null or blank when unset;
    /// `generated` gives the one that is kept beside the data, making it on first use. Sentences for the
    /// operator go to `warnings`. Throws [PepperMismatchException] when keys exist under a value that is
    /// neither `configured` nor `previous`.
    public static Peppers resolve(
            @Nullable String configured,
            @Nullable String previous,
            Supplier<byte[]> generated,
            AccountStore settings,
            List<String> warnings) {
        String check = settings.setting(CHECK_SETTING).orElse(null);
        byte[] current = bytes(configured);
        byte[] former = bytes(previous);
        var active = new ArrayList<byte[]>();
        if (current != null) {
            String ours = checkOf(current);
            if (check != null && !check.equals(ours) && (former == null || !check.equals(checkOf(former)))) {
                throw new PepperMismatchException();
            }
            if (!ours.equals(check)) {
                settings.putSetting(CHECK_SETTING, ours);
            }
            active.add(current);
            if (former != null) {
                active.add(former);
            }
            if (current.length < STRONG_CHARACTERS) {
                warnings.add("API_KEY_SALT has fewer than " + STRONG_CHARACTERS
                        + " characters; a longer random one is safer.");
            }
        } else {
            if (check != null) {
                warnings.add(
                        "API_KEY_SALT was set before and is not now: keys made under it answer 401 until it is back.");
            }
            warnings.add("API_KEY_SALT is not set: using a generated one that is kept beside the data.");
        }
        active.add(generated.get());
        return new Peppers(active);
    }

    /// Lower-case hex of HMAC-SHA256(pepper, secret), for each active pepper, the current first.
    List<String> hashes(String secret) {
        return active.stream().map(pepper -> hmac(pepper, secret)).toList();
    }

    String hash(String secret) {
        return hmac(active.getFirst(), secret);
    }

    /// Keyed hashing for other purposes (cursors), apart from the keys by `purpose`.
    byte[] mac(String purpose, String text) {
        return hmacBytes(active.getFirst(), purpose + "\0" + text);
    }

    /// Lower-case hex of the plain SHA-256, as the documented SQL stores it.
    static String plainHash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Null for what counts as unset.
    private static byte @Nullable [] bytes(@Nullable String pepper) {
        return pepper == null || pepper.isBlank() || PLACEHOLDERS.contains(pepper)
                ? null
                : pepper.getBytes(StandardCharsets.UTF_8);
    }

    /// Tells one pepper from another, and nothing of either.
    public static String checkOf(byte[] pepper) {
        return hmac(pepper, CHECK_TEXT);
    }

    private static String hmac(byte[] pepper, String text) {
        return HexFormat.of().formatHex(hmacBytes(pepper, text));
    }

    private static byte[] hmacBytes(byte[] pepper, String text) {
        try {
            // By the provider's name: a search for it starts those before it, elliptic curves and TLS.
            Mac mac = Mac.getInstance("HmacSHA256", "SunJCE");
            mac.init(new SecretKeySpec(pepper, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | NoSuchProviderException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The configured pepper is not the one that keys were made under: starting would lock every caller out.
    public static final class PepperMismatchException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PepperMismatchException() {
            super("API_KEY_SALT is not the value that existing keys were made under. Set the old value again, or keep"
                    + " the new one and give the old one as API_KEY_SALT_PREVIOUS.");
        }
    }
}
