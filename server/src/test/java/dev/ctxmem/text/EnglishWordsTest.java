package dev.ctxmem.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.memory.Words;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnglishWordsTest {
    private final EnglishWords words = new EnglishWords();

    @Test
    void stems_areLowerCaseInOrder_withRepeatsAndStopWords() {
        assertEquals(
                List.of("the", "databas", "and", "the", "databas"), words.stems("The database and the DATABASES."));
    }

    @Test
    void queryStems_ofTheFrontPageQuestion_areThoseOfItsEntry() {
        List<String> entry = words.stems("decision\nuse postgres for the database");
        assertEquals(List.of("databas", "use"), words.queryStems("what database should I use"));
        assertTrue(entry.containsAll(words.queryStems("what database should I use")));
    }

    @Test
    void queryStems_areDistinct_andBoundedByTheBitsOfALong() {
        assertEquals(List.of("cat"), words.queryStems("cat cats CAT"));
        String long_ = String.join(
                " ",
                IntStream.range(0, 100)
                        .mapToObj(i -> "word" + (char) ('a' + i % 26) + i)
                        .toList());
        assertEquals(Words.QUERY_STEMS_MAX, words.queryStems(long_).size());
    }

    @Test
    void queryStems_ofStopWordsAlone_areThemselves() {
        assertEquals(List.of("what", "should", "i", "do"), words.queryStems("What should I do?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"what", "should", "I", "do", "the", "doing", "don't", "don’t", "very", "this", "it's", "can"})
    void isContent_ofAStopWord_isFalse(String word) {
        words.stems(word).forEach(stem -> assertFalse(words.isContent(stem), stem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"database", "use", "猫", "k8s", "42", "not-the-end"})
    void isContent_ofAWordWithMeaning_isTrue(String word) {
        assertTrue(words.stems(word).stream().anyMatch(words::isContent));
    }

    @ParameterizedTest
    @CsvSource({
        "café, cafe",
        "cafe\u0301, café",
        "İstanbul, istanbul",
        "Straße, strasse",
        "ﬁle, file",
        "ｆｕｌｌ, full",
        "Caroline's, Caroline",
        "Caroline’s, caroline",
        "running, runs",
        "decisions, decision",
        "ΟΔΟΣ, οδος",
        "'1,000,000', 1000000",
        "URLs, url",
        "U.S.A., usa",
        "co\u00adoperate, cooperate"
    })
    void stems_ofTwoSpellings_areTheSame(String one, String other) {
        assertEquals(words.stems(other), words.stems(one));
    }

    @ParameterizedTest
    @CsvSource({
        "userId, user id userid",
        "user_id, user id userid",
        "user.id, user id userid",
        "getUserById, get user by id getuserbyid",
        "HTTPServer, http server httpserver",
        "src/main/App.java, src main app java appjava",
        "foo@example.com, foo exampl com examplecom",
        "sha256, sha 256 sha256",
        "k8s, k8s",
        "v2.1.0, v2.1.0",
        "3.14, 3.14",
        "plan_b, plan planb",
        "O'Brien, o'brien",
        "e5small, e5 small e5smal"
    })
    void stems_ofACompound_areItsPartsAndTheWhole(String compound, String stems) {
        assertEquals(List.of(stems.split(" ")), words.stems(compound));
    }

    @ParameterizedTest
    @CsvSource({
        "user_id, userId",
        "user_id, the user id",
        "user.id, user_id",
        "userId, user_id",
        "userId, USER.ID",
        "PostgreSQL, postgresql",
        "postgresql, PostgreSQL",
        "postgres16, postgres 16",
        "sha256, SHA-256",
        "plan_b, planB"
    })
    void queryStems_ofACompound_areAllInAnEntryThatSpellsItOtherwise(String question, String entry) {
        assertTrue(
                words.stems(entry).containsAll(words.queryStems(question)),
                words.queryStems(question) + " in " + words.stems(entry));
    }

    @ParameterizedTest
    @CsvSource({"猫, 黒猫が好き", "数据库, 使用数据库", "東京タワー, 東京タワーは高い", "한국어, 한국어를 배우다"})
    void queryStems_ofChineseJapaneseAndKorean_areFoundInsideASentence(String question, String entry) {
        assertFalse(words.queryStems(question).isEmpty());
        assertTrue(words.stems(entry).containsAll(words.queryStems(question)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t", "?!…", "___", ".", "\u00ad"})
    void stems_ofNothingSayable_areNone(String text) {
        assertEquals(List.of(), words.stems(text));
        assertEquals(List.of(), words.queryStems(text));
    }

    @Test
    void stems_areBoundedInLengthAndNumber() {
        assertTrue(words.stems("x".repeat(100_000)).stream().allMatch(stem -> stem.length() <= 64));
        assertTrue(words.stems("😀".repeat(1000)).stream().noneMatch(EnglishWordsTest::endsInHalfACharacter));
        assertTrue(words.stems("𝒳𐐀".repeat(1000)).stream().noneMatch(EnglishWordsTest::endsInHalfACharacter));
        assertEquals(100_000, words.stems("word ".repeat(200_000)).size());
    }

    @Test
    void stems_takenAtOnceByManyThreads_areTheSame() throws Exception {
        String text = "The quick getUserId of café 数据库 runs; " + "ponies decided ".repeat(50);
        List<String> expected = words.stems(text);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<List<String>> task = () -> words.stems(text);
            var answers = new HashSet<List<String>>();
            for (var answer : threads.invokeAll(
                    IntStream.range(0, 200).mapToObj(i -> task).toList())) {
                answers.add(answer.get());
            }
            assertEquals(1, answers.size());
            assertEquals(expected, answers.iterator().next());
        }
    }

    private static boolean endsInHalfACharacter(String stem) {
        return Character.isHighSurrogate(stem.charAt(stem.length() - 1));
    }
}
