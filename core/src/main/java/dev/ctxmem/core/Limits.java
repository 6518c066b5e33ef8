package dev.ctxmem.core;

import java.time.Duration;

/// Every limit on what a caller may send, with its unit. `GET /v1/limits` returns them.
public final class Limits {
    public static final int VALUE_BYTES_MAX = 1 << 20;
    public static final int METADATA_BYTES_MAX = 64 << 10;
    /// A value of the largest size and the rest of its entry fit into one body.
    public static final int BODY_BYTES_MAX = VALUE_BYTES_MAX + (128 << 10);

    public static final int JSON_DEPTH_MAX = 64;
    public static final int JSON_TOKENS_MAX = 200_000;
    public static final int JSON_NAME_CHARACTERS_MAX = 1024;
    public static final int NUMBER_CHARACTERS_MAX = 64;
    public static final int NUMBER_EXPONENT_MAX = 308;
    public static final int KEY_CHARACTERS_MAX = 500;
    public static final int KEY_BYTES_MAX = 2000;
    public static final int SLUG_CHARACTERS_MAX = 100;
    public static final int NAME_CHARACTERS_MAX = 200;
    public static final int DESCRIPTION_CHARACTERS_MAX = 2000;
    public static final int EMAIL_CHARACTERS_MAX = 254;
    public static final int TAGS_MAX = 64;
    public static final int TAG_CHARACTERS_MAX = 64;
    public static final int QUERY_CHARACTERS_MAX = 4096;
    public static final int CURSOR_CHARACTERS_MAX = 512;
    /// Largest page of a list and largest number of search results.
    public static final int PAGE_MAX = 100;

    public static final int KEYS_PER_ACCOUNT_MAX = 1000;
    public static final int URL_BYTES_MAX = 8 << 10;
    public static final int HEADERS_BYTES_MAX = 16 << 10;
    public static final int VECTOR_DIMENSIONS_MAX = 2000;
    public static final Duration TTL_MIN = Duration.ofSeconds(1);
    public static final Duration TTL_MAX = Duration.ofDays(3650);

    private Limits() {}
}
