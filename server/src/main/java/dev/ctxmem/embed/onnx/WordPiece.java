package dev.ctxmem.embed.onnx;

import java.io.InputStream;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// The uncased BERT tokenizer (Devlin et al., 2019): text to word pieces, as numbers of a vocabulary.
///
/// Written here because the library that everyone uses brings a native part of 14 MB that takes 45 MB of
/// memory, looks for graphics cards, and calls home; a test holds both equal. One difference is on purpose:
/// `[SEP]` and its like in a text are just characters, so that no text can pose as two. Thread-safe.
final class WordPiece {
    /// A longer word is unknown as a whole, as in the reference.
    private static final int WORD_CHARACTERS_MAX = 100;

    /// In a vocabulary of BERT, some 30,000; most of them begin a word.
    private static final int PIECES = 24_000;

    private static final String UNKNOWN = "[UNK]";
    private static final String CONTINUATION = "##";

    private final Map<String, Integer> beginnings;
    private final Map<String, Integer> continuations;
    private final int unknown;

    private WordPiece(Map<String, Integer> beginnings, Map<String, Integer> continuations) {
        this.beginnings = beginnings;
        this.continuations = continuations;
        unknown = id(UNKNOWN);
    }

    /// Reads the vocabulary out of a `tokenizer.json`.
    static WordPiece read(InputStream tokenizerJson) {
        Map<String, Integer> beginnings = HashMap.newHashMap(PIECES);
        Map<String, Integer> continuations = HashMap.newHashMap(PIECES);
        // Every name is there once: a table to find it again would cost a server a fifth of its start.
        JsonFactory factory = JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .build();
        try (JsonParser json = factory.createParser(ObjectReadContext.empty(), tokenizerJson)) {
            boolean inVocabulary = false;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("vocab")) {
                    inVocabulary = true;
                } else if (inVocabulary && token == JsonToken.VALUE_NUMBER_INT) {
                    String piece = json.currentName();
                    if (piece.startsWith(CONTINUATION)) {
                        continuations.put(piece.substring(CONTINUATION.length()), json.getIntValue());
                    } else {
                        beginnings.put(piece, json.getIntValue());
                    }
                } else if (token == JsonToken.END_OBJECT) {
                    inVocabulary = false;
                }
            }
        }
        return new WordPiece(beginnings, continuations);
    }

    /// The id of a whole entry of the vocabulary, such as `[CLS]`.
    int id(String entry) {
        Integer id = beginnings.get(entry);
        if (id == null) {
            throw new IllegalArgumentException(entry + " is not in the vocabulary");
        }
        return id;
    }

    /// The ids of a text's word pieces, without special tokens, however many.
    int[] encode(String text) {
        String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
        var ids = new Ids(decomposed.length() / 3);
        var word = new StringBuilder();
        for (int i = 0; i < decomposed.length(); ) {
            int character = decomposed.codePointAt(i);
            i += Character.charCount(character);
            if (isSpace(character)) {
                encodeWord(word, ids);
            } else if (!isDropped(character)) {
                int lower = Character.toLowerCase(character);
                if (standsAlone(lower)) {
                    encodeWord(word, ids);
                    encodeWord(word.appendCodePoint(lower), ids);
                } else {
                    word.appendCodePoint(lower);
                }
            }
        }
        encodeWord(word, ids);
        return ids.toArray();
    }

    /// Splits a word greedily into the longest pieces of the vocabulary, and empties it.
    private void encodeWord(StringBuilder word, Ids ids) {
        if (word.isEmpty()) {
            return;
        }
        String text = word.toString();
        word.setLength(0);
        if (text.codePointCount(0, text.length()) > WORD_CHARACTERS_MAX) {
            ids.add(unknown);
            return;
        }
        int before = ids.size;
        for (int start = 0; start < text.length(); ) {
            Map<String, Integer> pieces = start == 0 ? beginnings : continuations;
            int end = text.length();
            Integer id = pieces.get(text.substring(start, end));
            while (id == null && end > start + 1) {
                end--;
                id = pieces.get(text.substring(start, end));
            }
            if (id == null) {
                ids.size = before;
                ids.add(unknown);
                return;
            }
            ids.add(id);
            start = end;
        }
    }

    private static boolean isSpace(int character) {
        return character == '\t' || character == '\n' || character == '\r' || Character.isSpaceChar(character);
    }

    /// Control characters, accents, and what is no character.
    private static boolean isDropped(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.NON_SPACING_MARK -> true;
            default -> character == 0xFFFD;
        };
    }

    /// Punctuation (for ASCII: all symbols too) and Chinese characters are words of their own.
    private static boolean standsAlone(int character) {
        if (character < 0x80) {
            return character > ' ' && !Character.isLetterOrDigit(character);
        }
        return switch (Character.getType(character)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> isChinese(character);
        };
    }

    /// The blocks that the reference knows as Chinese.
    private static boolean isChinese(int character) {
        return (character >= 0x4E00 && character <= 0x9FFF)
                || (character >= 0x3400 && character <= 0x4DBF)
                || (character >= 0x20000 && character <= 0x2A6DF)
                || (character >= 0x2A700 && character <= 0x2B73F)
                || (character >= 0x2B740 && character <= 0x2B81F)
                || (character >= 0x2B920 && character <= 0x2CEAF)
                || (character >= 0xF900 && character <= 0xFAFF)
                || (character >= 0x2F800 && character <= 0x2FA1F);
    }

    /// A growing list of ids.
    private static final class Ids {
        private int[] ids;
        private int size;

        Ids(int expected) {
            ids = new int[Math.max(16, expected)];
        }

        void add(int id) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, size * 2);
            }
            ids[size++] = id;
        }

        int[] toArray() {
            return Arrays.copyOf(ids, size);
        }
    }
}
