package dev.ctxmem.store.sqlite;

/// The keys that start with a text, as a range of SQLite's bytewise order: from the text to the smallest text
/// behind all that start with it. UTF-8 sorts as code points do, so that the last one is counted up.
final class KeyRange {
    /// Behind every text: SQLite sorts all blobs after all texts.
    private static final byte[] BEHIND_ALL = new byte[0];

    private KeyRange() {}

    /// The exclusive upper bound, a String or, where no text is one, a blob.
    static Object end(String prefix) {
        int[] points = prefix.codePoints().toArray();
        for (int last = points.length - 1; last >= 0; last--) {
            if (points[last] < Character.MAX_CODE_POINT) {
                points[last] = next(points[last]);
                return new String(points, 0, last + 1);
            }
        }
        return BEHIND_ALL;
    }

    /// Steps over the surrogates, which no text has.
    private static int next(int codePoint) {
        return codePoint + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : codePoint + 1;
    }
}
