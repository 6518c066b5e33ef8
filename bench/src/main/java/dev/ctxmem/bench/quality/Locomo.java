package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Passage;
import dev.ctxmem.bench.quality.TestSet.Question;
import dev.ctxmem.bench.quality.TestSet.Shelf;
import dev.ctxmem.core.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// LoCoMo (Maharana et al., 2024): ten long conversations, and questions whose evidence is known turn by turn.
/// One shelf for each conversation.
///
/// The weights are fitted on the conversations with an even number; the questions of the others are the group
/// [#HELD_OUT].
final class Locomo {
    static final String HELD_OUT = "held out";
    static final String HELD_OUT_1_TO_4 = "held out, categories 1–4";
    static final String CATEGORIES_1_TO_4 = "categories 1–4";
    static final String CATEGORY_5 = "category 5";

    private static final List<String> GROUPS = List.of(HELD_OUT, HELD_OUT_1_TO_4, CATEGORIES_1_TO_4, CATEGORY_5);

    private static final int ADVERSARIAL = 5;

    private final Path directory;
    private final List<Map<String, Json>> turns;

    /// `data` is the directory that has `locomo/`.
    Locomo(Path data) {
        directory = data.resolve("locomo");
        turns = DataFiles.objects(directory.resolve("corpus.jsonl"));
    }

    /// Each turn a passage.
    TestSet turns() {
        return set(
                "locomo-turns",
                "qrels_turn.tsv",
                turn -> local(DataFiles.string(turn, "_id")),
                List.of(Measure.recall(10), Measure.ndcg(10)));
    }

    /// Each session a passage of all its turns.
    TestSet sessions() {
        return set(
                "locomo-sessions",
                "qrels_session.tsv",
                turn -> DataFiles.string(turn, "session"),
                List.of(Measure.any(5), Measure.recall(5)));
    }

    static boolean isFitted(Shelf conversation) {
        return isFitted(conversation.name());
    }

    private static boolean isFitted(String conversation) {
        return (conversation.charAt(conversation.length() - 1) - '0') % 2 == 0;
    }

    /// Turns with the same key become one passage, a line each.
    private TestSet set(
            String name, String judgements, Function<Map<String, Json>, String> key, List<Measure> measures) {
        var texts = new LinkedHashMap<String, Map<String, String>>();
        for (Map<String, Json> turn : turns) {
            texts.computeIfAbsent(DataFiles.string(turn, "scope"), scope -> new LinkedHashMap<>())
                    .merge(key.apply(turn), text(turn), (before, next) -> before + "\n" + next);
        }
        Map<String, List<Question>> questions = questions(judgements);
        var shelves = new ArrayList<Shelf>();
        texts.forEach((scope, passages) -> shelves.add(new Shelf(
                scope,
                passages.entrySet().stream()
                        .map(passage -> new Passage(passage.getKey(), passage.getValue()))
                        .toList(),
                questions.getOrDefault(scope, List.of()))));
        return new TestSet(name, shelves, measures, GROUPS);
    }

    private Map<String, List<Question>> questions(String judgements) {
        Map<String, Set<String>> relevant = DataFiles.judgements(directory.resolve(judgements));
        return DataFiles.objects(directory.resolve("queries.jsonl")).stream()
                .filter(question -> relevant.containsKey(DataFiles.string(question, "_id")))
                .collect(Collectors.groupingBy(
                        question -> DataFiles.string(question, "scope"),
                        Collectors.mapping(question -> question(question, relevant), Collectors.toList())));
    }

    private static Question question(Map<String, Json> object, Map<String, Set<String>> relevant) {
        String id = DataFiles.string(object, "_id");
        boolean adversarial =
                Integer.parseInt(object.getOrDefault("category", Json.NULL).text()) == ADVERSARIAL;
        var groups = new ArrayList<>(List.of(adversarial ? CATEGORY_5 : CATEGORIES_1_TO_4));
        if (!isFitted(DataFiles.string(object, "scope"))) {
            groups.add(HELD_OUT);
            if (!adversarial) {
                groups.add(HELD_OUT_1_TO_4);
            }
        }
        Set<String> keys =
                relevant.getOrDefault(id, Set.of()).stream().map(Locomo::local).collect(Collectors.toSet());
        return new Question(id, DataFiles.string(object, "text"), keys, groups);
    }

    private static String text(Map<String, Json> turn) {
        String caption = DataFiles.string(turn, "caption");
        return DataFiles.string(turn, "speaker") + ": " + DataFiles.string(turn, "text")
                + (caption.isEmpty() ? "" : " [shares " + caption + "]");
    }

    /// `conv-26/D1:3` is `D1:3` on the shelf of its conversation.
    private static String local(String id) {
        return id.substring(id.indexOf('/') + 1);
    }
}
