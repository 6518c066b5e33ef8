package dev.ctxmem.text;

import java.util.ArrayList;
import java.util.List;

/// An identifier taken apart: `userId`, `user_id`, `user.id` and `user7` have the parts `user` and the rest,
/// and a `whole` without separators. An ordinary word is its own only part.
///
/// Parts begin where a separator is written, at a capital that starts a word, and between letters and digits,
/// but a lone letter stays with its digits (`k8s`, `v2.1.0`), a plural with its capitals (`URLs`), and `3.14`
/// together.
///
/// `separated` tells that the parts were written apart, by more than capitals.
record Compound(String whole, List<String> parts, boolean separated) {

    static Compound of(String token) {
        return isPlain(token) ? new Compound(token, List.of(token), false) : new Scan(token).compound();
    }

    /// The forms an entry is found by: the parts, and the whole. A lone letter is no part.
    List<String> written() {
        if (parts.size() < 2) {
            return List.of(whole);
        }
        var forms = new ArrayList<>(tellingParts());
        forms.add(whole);
        return forms;
    }

    /// The forms a question asks for, so that it is fully answered by each spelling: the parts of what was
    /// written apart (`user_id` finds "user id" and `userId`), else the whole (`PostgreSQL` finds "postgresql",
    /// which has no "sql").
    List<String> asked() {
        List<String> telling = tellingParts();
        return separated && telling.size() == parts.size() ? telling : List.of(whole);
    }

    private List<String> tellingParts() {
        return parts.stream()
                .filter(part -> part.length() > 1 || Character.isDigit(part.charAt(0)))
                .toList();
    }

    /// No digit, no separator, no capital behind the first letter: most words.
    private static boolean isPlain(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (!Character.isLetter(c) || (i > 0 && Character.isUpperCase(c))) {
                return false;
            }
        }
        return true;
    }

    /// One pass over a token.
    private static final class Scan {
        private enum Kind {
            SMALL,
            CAPITAL,
            DIGIT,
            POINT,
            SEPARATOR,
            NOTHING
        }

        private final String token;
        private final List<String> parts = new ArrayList<>();
        private final StringBuilder part = new StringBuilder();
        private boolean separated;

        Scan(String token) {
            this.token = token;
        }

        Compound compound() {
            boolean apart = false;
            for (int i = 0; i < token.length(); i++) {
                Kind kind = kind(i);
                if (kind == Kind.SEPARATOR) {
                    endPart();
                    apart = true;
                } else if (kind != Kind.NOTHING) {
                    boolean crossing = !part.isEmpty() && betweenLettersAndDigits(i, kind);
                    if (crossing || (!part.isEmpty() && startsWord(i, kind))) {
                        endPart();
                    }
                    separated |= crossing || (apart && !parts.isEmpty());
                    apart = false;
                    part.append(token.charAt(i));
                }
            }
            endPart();
            return new Compound(String.join("", parts), List.copyOf(parts), separated);
        }

        private void endPart() {
            if (!part.isEmpty()) {
                parts.add(part.toString());
                part.setLength(0);
            }
        }

        private boolean startsWord(int i, Kind kind) {
            if (kind != Kind.CAPITAL) {
                return false;
            }
            boolean afterSmall = kind(i - 1) == Kind.SMALL && token.charAt(i - 1) != '\'';
            return afterSmall
                    || (kind(i - 1) == Kind.CAPITAL && kind(i + 1) == Kind.SMALL && kind(i + 2) == Kind.SMALL);
        }

        private boolean betweenLettersAndDigits(int i, Kind kind) {
            Kind before = kind(i - 1);
            if (kind == Kind.DIGIT) {
                return isLetter(before) && part.length() > 1 && isLetter(kind(i - 2));
            }
            return isLetter(kind) && before == Kind.DIGIT && isLetter(kind(i + 1));
        }

        private static boolean isLetter(Kind kind) {
            return kind == Kind.SMALL || kind == Kind.CAPITAL;
        }

        /// A point or comma between digits belongs to the number; the comma is dropped. So are invisible
        /// characters.
        private Kind kind(int i) {
            if (i < 0 || i >= token.length()) {
                return Kind.NOTHING;
            }
            char c = token.charAt(i);
            if (Character.isDigit(c)) {
                return Kind.DIGIT;
            }
            if (Character.isUpperCase(c)) {
                return Kind.CAPITAL;
            }
            if (c == '.' || c == ',') {
                boolean inNumber = i > 0
                        && i + 1 < token.length()
                        && Character.isDigit(token.charAt(i - 1))
                        && Character.isDigit(token.charAt(i + 1));
                return inNumber ? (c == '.' ? Kind.POINT : Kind.NOTHING) : Kind.SEPARATOR;
            }
            return switch (Character.getType(c)) {
                case Character.FORMAT -> Kind.NOTHING;
                case Character.CONNECTOR_PUNCTUATION -> Kind.SEPARATOR;
                default -> c == '\'' || !isPunctuation(c) ? Kind.SMALL : Kind.SEPARATOR;
            };
        }

        private static boolean isPunctuation(char c) {
            return switch (Character.getType(c)) {
                case Character.OTHER_PUNCTUATION,
                        Character.DASH_PUNCTUATION,
                        Character.FINAL_QUOTE_PUNCTUATION,
                        Character.INITIAL_QUOTE_PUNCTUATION -> true;
                default -> false;
            };
        }
    }
}
