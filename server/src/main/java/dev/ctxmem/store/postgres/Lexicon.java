package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Json;
import dev.ctxmem.memory.EntryText;
import dev.ctxmem.memory.Words;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;

/// Stems and tags as they stand in `entries.words`: as the first 64 bits of a SHA-256 over the account and the
/// text. The account is in it, so that every list of the inverted index is of one account: no account's words make
/// another's searches slower, and no count is of more than one. Among a million different stems of an account, two
/// are equal by chance once in 40 million accounts. Thread-safe.
final class Lexicon {
    private static final byte STEM = 's';
    private static final byte TAG = 't';

    private final Words words;

    Lexicon(Words words) {
        this.words = words;
    }

    Indexed index(UUID account, String key, List<String> tags, Json value) {
        List<String> stems = words.stems(EntryText.of(key, tags, value));
        LongStream all = LongStream.concat(
                new HashSet<>(stems).stream().mapToLong(stem -> hash(account, STEM, stem)),
                tags.stream().distinct().mapToLong(tag -> hash(account, TAG, tag)));
        int contentStems = (int) stems.stream().filter(words::isContent).count();
        return new Indexed(all.toArray(), contentStems);
    }

    long[] stems(UUID account, Collection<String> stems) {
        return stems.stream().mapToLong(stem -> hash(account, STEM, stem)).toArray();
    }

    long[] tags(UUID account, Collection<String> tags) {
        return tags.stream().mapToLong(tag -> hash(account, TAG, tag)).toArray();
    }

    private static long hash(UUID account, byte kind, String text) {
        byte[] tail = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES + 1 + tail.length)
                .putLong(account.getMostSignificantBits())
                .putLong(account.getLeastSignificantBits())
                .put(kind)
                .put(tail);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What `entries.words` and `entries.word_count` are to be.
    record Indexed(long[] words, int contentStems) {
        static final Indexed NOTHING = new Indexed(new long[0], 0);
    }
}
