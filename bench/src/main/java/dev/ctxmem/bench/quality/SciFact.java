package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Passage;
import dev.ctxmem.bench.quality.TestSet.Question;
import dev.ctxmem.bench.quality.TestSet.Shelf;
import dev.ctxmem.core.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// SciFact (Wadden et al., 2020) as in BEIR: claims, and the abstracts that speak of them. One shelf.
final class SciFact {
    private final Path directory;

    /// `data` is the directory that has `scifact/`.
    SciFact(Path data) {
        directory = data.resolve("scifact");
    }

    /// The 300 claims that everybody reports.
    TestSet test() {
        return set("scifact", "test.tsv");
    }

    /// Other claims on the same abstracts, to fit weights on.
    TestSet train() {
        return set("scifact-train", "train.tsv");
    }

    private TestSet set(String name, String judgements) {
        List<Passage> passages = DataFiles.objects(directory.resolve("corpus.jsonl")).stream()
                .map(SciFact::passage)
                .toList();
        Map<String, Set<String>> relevant =
                DataFiles.judgements(directory.resolve("qrels").resolve(judgements));
        List<Question> questions = DataFiles.objects(directory.resolve("queries.jsonl")).stream()
                .filter(claim -> relevant.containsKey(DataFiles.string(claim, "_id")))
                .map(claim -> question(claim, relevant))
                .toList();
        return new TestSet(
                name,
                List.of(new Shelf("scifact", passages, questions)),
                List.of(Measure.ndcg(10), Measure.recall(10)),
                List.of());
    }

    private static Passage passage(Map<String, Json> document) {
        return new Passage(
                DataFiles.string(document, "_id"),
                DataFiles.string(document, "title") + "\n" + DataFiles.string(document, "text"));
    }

    private static Question question(Map<String, Json> claim, Map<String, Set<String>> relevant) {
        String id = DataFiles.string(claim, "_id");
        return new Question(id, DataFiles.string(claim, "text"), relevant.getOrDefault(id, Set.of()), List.of());
    }
}
