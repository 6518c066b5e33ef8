package dev.ctxmem.text;

import dev.ctxmem.memory.Words;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.snowball.SnowballFilter;

/// Stems of English text that may hold identifiers and other languages: Unicode word segmentation (UAX #29),
/// compounds split ([Compound]), accents folded, lower case, Porter's second English stemmer (Snowball).
/// Chinese, Japanese and Korean give every character and every pair of neighbours, because one character is
/// often a word and a pair tells apart.
public final class EnglishWords implements Words {
    /// Words without meaning of their own that Snowball's list leaves out.
    private static final List<String> MORE_STOP_WORDS = List.of("can", "will", "shall", "must", "might", "us");

    private final Set<String> stopStems = new HashSet<>();

    public EnglishWords() {
        try (var file = SnowballFilter.class.getResourceAsStream("english_stop.txt")) {
            if (file == null) {
                throw new IllegalStateException("lucene-analysis-common has no english_stop.txt");
            }
            var reader = new InputStreamReader(file, StandardCharsets.UTF_8);
            for (Object word : WordlistLoader.getSnowballWordSet(reader)) {
                stopStems.addAll(stems(String.valueOf((char[]) word)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        MORE_STOP_WORDS.forEach(word -> stopStems.addAll(stems(word)));
    }

    @Override
    public List<String> stems(String text) {
        return new Segmenter().stems(text, Compound::written);
    }

    @Override
    public boolean isContent(String stem) {
        return !stopStems.contains(stem);
    }

    /// As declared, but of a compound only the forms that every spelling of it has ([Compound#asked]): an entry
    /// that spells it otherwise must not count as half an answer.
    @Override
    public List<String> queryStems(String question) {
        List<String> all = new Segmenter()
                .stems(question, Compound::asked).stream().distinct().toList();
        List<String> content = all.stream().filter(this::isContent).toList();
        return (content.isEmpty() ? all : content)
                .stream().limit(QUERY_STEMS_MAX).toList();
    }
}
