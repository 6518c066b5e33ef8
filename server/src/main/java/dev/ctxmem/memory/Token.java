package dev.ctxmem.memory;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/// The text of a key of our own form: `ctx_<id>_<secret>_<crc>` in base 62. The secret has 190 bits; the CRC-32
/// over all before it tells a typo from a wrong key without asking the store.
record Token(String id, String text) {
    static final String PREFIX = "ctx_";

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_CHARACTERS = 12;
    private static final int SECRET_CHARACTERS = 32;
    private static final int CHECK_CHARACTERS = 6;
    private static final int LENGTH = PREFIX.length() + ID_CHARACTERS + 1 + SECRET_CHARACTERS + 1 + CHECK_CHARACTERS;

    /// `random` must be cryptographically strong.
    static Token generate(RandomGenerator random) {
        String id = characters(random, ID_CHARACTERS);
        String body = PREFIX + id + "_" + characters(random, SECRET_CHARACTERS) + "_";
        return new Token(id, body + check(body));
    }

    /// Whether `text` has the shape of our own tokens, right or wrong.
    static boolean looksLike(String text) {
        return text.length() == LENGTH
                && text.startsWith(PREFIX)
                && text.charAt(PREFIX.length() + ID_CHARACTERS) == '_'
                && text.charAt(LENGTH - CHECK_CHARACTERS - 1) == '_'
                && text.chars().skip(PREFIX.length()).allMatch(c -> c == '_' || ALPHABET.indexOf(c) >= 0);
    }

    /// A token of our own form; empty when its check characters are wrong.
    static Optional<Token> parse(String text) {
        if (!looksLike(text)) {
            return Optional.empty();
        }
        String body = text.substring(0, LENGTH - CHECK_CHARACTERS);
        return text.endsWith(check(body))
                ? Optional.of(new Token(text.substring(PREFIX.length(), PREFIX.length() + ID_CHARACTERS), text))
                : Optional.empty();
    }

    /// What is hashed: everything behind the prefix.
    static String secretOf(String text) {
        return text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
    }

    /// Never prints the secret.
    @Override
    public String toString() {
        return PREFIX + id + "_…";
    }

    private static String characters(RandomGenerator random, int count) {
        var text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static String check(String body) {
        var crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        long rest = crc.getValue();
        var text = new char[CHECK_CHARACTERS];
        for (int i = CHECK_CHARACTERS - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
            rest /= ALPHABET.length();
        }
        return new String(text);
    }
}
