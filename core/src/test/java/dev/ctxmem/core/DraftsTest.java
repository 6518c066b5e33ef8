package dev.ctxmem.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DraftsTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "my-project", "a1-b2-c3"})
    void slug_takes(String slug) {
        assertEquals(slug, NewNamespace.of(slug).slug());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "a--b", "A", "a_b", "a/b", "ä", "a b", "a\n"})
    void slug_refuses(String slug) {
        refused(ErrorCode.INVALID_VALUE, () -> NewNamespace.of(slug));
    }

    @Test
    void slug_hasAtMostHundredCharacters() {
        NewNamespace.of("a".repeat(100));
        refused(ErrorCode.INVALID_VALUE, () -> NewNamespace.of("a".repeat(101)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "...", " ", "%2F", "ключ", "😀", "a//b/../c;x=1", "history"})
    void key_takes(String key) {
        assertEquals(key, EntryDraft.of(key, Json.NULL).key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a\nb", "\u0000", "\u007f", "\u0085", "\ud800"})
    void key_refuses(String key) {
        refused(ErrorCode.INVALID_KEY, () -> EntryDraft.of(key, Json.NULL));
    }

    @Test
    void key_isCountedInCodePoints() {
        EntryDraft.of("😀".repeat(500), Json.NULL);
        refused(ErrorCode.INVALID_KEY, () -> EntryDraft.of("x".repeat(501), Json.NULL));
    }

    @Test
    void value_ofExactlyTheLimitFits() {
        EntryDraft.of("k", Json.string("x".repeat(Limits.VALUE_BYTES_MAX)));
        refused(
                ErrorCode.VALUE_TOO_LARGE,
                () -> EntryDraft.of("k", Json.string("x".repeat(Limits.VALUE_BYTES_MAX + 1))));
        refused(
                ErrorCode.VALUE_TOO_LARGE,
                () -> EntryDraft.of("k", Json.string("é".repeat(Limits.VALUE_BYTES_MAX / 2 + 1))));
    }

    @Test
    void tags_areDistinctAndBounded() {
        assertEquals(List.of("b", "a"), draft(List.of("b", "a", "b"), 0.5).tags());
        draft(IntStream.range(0, 64).mapToObj(Integer::toString).toList(), 0.5);
        refused(
                ErrorCode.INVALID_VALUE,
                () -> draft(IntStream.range(0, 65).mapToObj(Integer::toString).toList(), 0.5));
        refused(ErrorCode.INVALID_VALUE, () -> draft(List.of("x".repeat(65)), 0.5));
        refused(ErrorCode.INVALID_VALUE, () -> draft(Collections.singletonList(""), 0.5));
    }

    @Test
    void importance_isBetweenZeroAndOne() {
        assertEquals(0, draft(List.of(), 0).importance());
        assertEquals(1, draft(List.of(), 1).importance());
        for (double bad : new double[] {-0.001, 1.001, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(ErrorCode.INVALID_VALUE, () -> draft(List.of(), bad));
        }
    }

    @Test
    void ttl_isBetweenOneSecondAndTenYears() {
        TimeToLive.seconds(1);
        TimeToLive.seconds(315_360_000);
        for (long bad : new long[] {0, -1, 315_360_001, Long.MAX_VALUE}) {
            refused(ErrorCode.INVALID_VALUE, () -> TimeToLive.seconds(bad));
        }
    }

    @Test
    void search_boundsQueryLimitAndThreshold() {
        SearchQuery.of("x".repeat(4096));
        refused(ErrorCode.INVALID_VALUE, () -> SearchQuery.of(""));
        refused(ErrorCode.INVALID_VALUE, () -> SearchQuery.of("x".repeat(4097)));
        refused(ErrorCode.INVALID_VALUE, () -> new SearchQuery("q", null, 0, 0.7, List.of(), false));
        refused(ErrorCode.INVALID_VALUE, () -> new SearchQuery("q", null, 101, 0.7, List.of(), false));
        refused(ErrorCode.INVALID_VALUE, () -> new SearchQuery("q", null, 10, 1.1, List.of(), false));
        refused(ErrorCode.INVALID_VALUE, () -> new SearchQuery("q", null, 10, Double.NaN, List.of(), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "@", "a@", "@b", "a b@c", "a\u0000@b"})
    void email_refuses(String email) {
        assertThrows(MemoryException.class, () -> new NewAccount(email, null));
    }

    private static EntryDraft draft(List<String> tags, double importance) {
        return new EntryDraft("k", Json.NULL, tags, Json.EMPTY_OBJECT, importance, TimeToLive.KEEP);
    }

    private static void refused(ErrorCode code, Executable call) {
        assertEquals(code, assertThrows(MemoryException.class, call).code());
    }
}
