package dev.ctxmem.embed.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds our tokenizer equal to the Hugging Face library, which the models were trained with.
class WordPieceTest {
    private static HuggingFaceTokenizer reference;
    private static WordPiece wordPiece;

    @BeforeAll
    static void open(@TempDir Path cache) throws IOException {
        // Without these the library calls home and writes to the home directory.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ENGINE_CACHE_DIR", cache.toString());
        reference = HuggingFaceTokenizer.newInstance(
                WordPieceTest.class.getResourceAsStream("/bge-small-en-v1.5-q-tokenizer.json"),
                Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false"));
        wordPiece = LocalModel.BGE_SMALL_EN.tokenizer();
    }

    @AfterAll
    static void close() {
        reference.close();
    }

    private static int[] expected(String text) {
        return Arrays.stream(reference.encode(text, false, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static void assertLikeReference(String text) {
        assertArrayEquals(
                expected(text),
                wordPiece.encode(text),
                () -> text.codePoints().mapToObj(Integer::toHexString).toList().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "use postgres for the database",
                "decision (storage, 2026)\nWe keep the write-ahead log on its own volume; fsync is ON.",
                "don't e-mail me@example.com about $5.00 (or 5,00 €) — it's 50% off!",
                "naïve Ångström ſtraße İstanbul ΑΒΓ ὈΔΥΣΣΕΎΣ",
                "日本語のテキスト 한국어 텍스트 中文文本 漢字かな交じり文",
                "العربية עברית हिन्दी ไทย",
                "emoji 👩‍👩‍👧 🇩🇪 ✅ zero\u200bwidth \u00a0no-break\u2028line",
                "path: src/main/java/App.java\ncount: 12345678901234567890\nratio: 0.30000000000000004",
                "snake_case camelCase SCREAMING_CASE kebab-case x1y2z3 C++ C# .NET a=b<c>d^e`f|g~h",
                "\t\r\n\f\u000b\u0085tabs\tand\rreturns",
                "\ufffd\ue000\ud800 lone \udc00 surrogates"
            })
    void encode_isLikeTheReference(String text) {
        assertLikeReference(text);
    }

    @Test
    void encode_isLikeTheReferenceForEveryCharacterInUse() {
        IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(WordPieceTest::isInUse)
                .mapToObj(Character::toString)
                .forEach(character -> assertLikeReference("a" + character + "b"));
    }

    /// The rest differs by the version of Unicode that each side was built with: accents and punctuation of
    /// scripts for which the vocabulary has no pieces anyway.
    private static boolean isInUse(int character) {
        return character < 0x600
                || (character >= 0x905 && character < 0x980)
                || (character >= 0x1E00 && character < 0x2E43)
                || (character >= 0x2E80 && character < 0xA4D0)
                || (character >= 0xAC00 && character < Character.MIN_SURROGATE)
                || (character >= 0xF900 && character < 0x10000)
                || (character >= 0x1F000 && character < 0x1FB00)
                || (character >= 0x20000 && character < 0x30000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void encode_isLikeTheReferenceForRandomText(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            assertLikeReference(randomText(random));
        }
    }

    private static String randomText(Random random) {
        String[] parts = {
            "un", "believ", "able", "ing", "é", "ß", "中", "-", " ", " ", "\n", "1", "X", "'", "ö", "ﬁ", "한"
        };
        var text = new StringBuilder();
        for (int i = random.nextInt(1, 60); i > 0; i--) {
            int character = random.nextInt(0x20, Character.MIN_SURROGATE);
            text.append(
                    random.nextInt(8) == 0 && isInUse(character)
                            ? Character.toString(character)
                            : parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }

    @Test
    void encode_takesAWordOfAHundredCharactersApartAndNoLongerOne() {
        assertLikeReference("a".repeat(100));
        assertLikeReference("a".repeat(101));
        assertLikeReference("é".repeat(101));
    }

    @Test
    void encode_readsSpecialTokensAsPlainCharacters() {
        assertArrayEquals(wordPiece.encode("[ sep ]"), wordPiece.encode("[SEP]"));
    }

    @ParameterizedTest
    @EnumSource
    void everyModel_hasTheSameVocabulary(LocalModel local) {
        var other = local.tokenizer();
        String text = "The same pieces, whatever the model: unbelievable, naïve, 中文.";
        assertArrayEquals(wordPiece.encode(text), other.encode(text));
    }
}
