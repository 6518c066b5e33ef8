package dev.ctxmem.text;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;
import org.tartarus.snowball.ext.EnglishStemmer;

/// One pass over one text, from characters to stems. Not thread-safe, used once: making one is cheaper than
/// keeping one for each of many virtual threads.
final class Segmenter {
    /// Longer stems are cut: nobody asks for the end of a long hash.
    private static final int STEM_CHARACTERS_MAX = 64;
    /// Later stems of a text are not taken: some 600 KB of prose.
    private static final int STEMS_MAX = 100_000;

    private static final int EVERY_CJK_SCRIPT =
            CJKBigramFilter.HAN | CJKBigramFilter.HIRAGANA | CJKBigramFilter.KATAKANA | CJKBigramFilter.HANGUL;
    private static final String WORD = StandardTokenizer.TOKEN_TYPES[StandardTokenizer.ALPHANUM];
    private static final String NUMBER = StandardTokenizer.TOKEN_TYPES[StandardTokenizer.NUM];
    /// The most characters that ASCII folding makes of one.
    private static final int FOLDED_CHARACTERS_MAX = 4;

    private final EnglishStemmer stemmer = new EnglishStemmer();
    private final List<String> stems = new ArrayList<>();

    /// `forms` chooses what to take of a compound.
    List<String> stems(String text, Function<Compound, List<String>> forms) {
        var tokenizer = new StandardTokenizer();
        tokenizer.setReader(new StringReader(normal(text)));
        try (var tokens = new CJKBigramFilter(tokenizer, EVERY_CJK_SCRIPT, true)) {
            CharTermAttribute term = tokens.getAttribute(CharTermAttribute.class);
            TypeAttribute type = tokens.getAttribute(TypeAttribute.class);
            tokens.reset();
            while (stems.size() < STEMS_MAX && tokens.incrementToken()) {
                String token = term.toString();
                if (type.type().equals(WORD) || type.type().equals(NUMBER)) {
                    for (String form : forms.apply(Compound.of(token))) {
                        add(stem(lowerCase(form)));
                    }
                } else {
                    add(lowerCase(token));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stems;
    }

    /// Compatibility forms made one (full-width letters, ligatures, decomposed accents), and one kind of
    /// apostrophe.
    private static String normal(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).replace('\u2019', '\'');
    }

    /// Folding comes first: lower case alone leaves a dot over the i of "İstanbul".
    private static String lowerCase(String word) {
        if (isAscii(word)) {
            return word.toLowerCase(Locale.ROOT);
        }
        var folded = new char[word.length() * FOLDED_CHARACTERS_MAX];
        int length = ASCIIFoldingFilter.foldToASCII(word.toCharArray(), 0, folded, 0, word.length());
        return new String(folded, 0, length).toLowerCase(Locale.ROOT);
    }

    private static boolean isAscii(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private String stem(String word) {
        stemmer.setCurrent(word);
        stemmer.stem();
        return stemmer.getCurrent();
    }

    private void add(String stem) {
        if (stem.isEmpty()) {
            return;
        }
        int end = Math.min(stem.length(), STEM_CHARACTERS_MAX);
        if (end < stem.length() && Character.isHighSurrogate(stem.charAt(end - 1))) {
            end--;
        }
        stems.add(stem.substring(0, end));
    }
}
