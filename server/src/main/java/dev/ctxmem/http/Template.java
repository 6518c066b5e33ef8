package dev.ctxmem.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A path with holes, matched against the raw path of a request: `{name}` takes one segment; `{key}` takes all
/// that follows, slashes included, but for the literal text behind it. No part may be empty.
final class Template {
    private static final String GREEDY = "{key}";

    private final String text;
    private final List<String> segments;
    private final boolean greedy;
    private final String suffix;

    Template(String text) {
        this.text = text;
        int key = text.indexOf(GREEDY);
        this.greedy = key >= 0;
        this.suffix = greedy ? text.substring(key + GREEDY.length()) : "";
        String head = greedy ? text.substring(0, key - 1) : text;
        this.segments = List.of(head.substring(1).split("/", -1));
    }

    /// The raw texts of the holes, in order; null where the path is another one.
    @Nullable
    List<String> match(String path) {
        var holes = new ArrayList<String>(3);
        int position = 0;
        for (String segment : segments) {
            if (position >= path.length() || path.charAt(position) != '/') {
                return null;
            }
            int start = position + 1;
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (isHole(segment)) {
                if (start == end) {
                    return null;
                }
                holes.add(path.substring(start, end));
            } else if (end - start != segment.length() || !path.startsWith(segment, start)) {
                return null;
            }
            position = end;
        }
        if (!greedy) {
            return position == path.length() ? holes : null;
        }
        int start = position + 1;
        int end = path.length() - suffix.length();
        if (start >= end || !path.endsWith(suffix)) {
            return null;
        }
        holes.add(path.substring(start, end));
        return holes;
    }

    private static boolean isHole(String segment) {
        return segment.startsWith("{");
    }

    @Override
    public String toString() {
        return text;
    }
}
