package dev.ctxmem.bench.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ctxmem.bench.quality.TestSet.Passage;
import dev.ctxmem.bench.quality.TestSet.Question;
import dev.ctxmem.bench.quality.TestSet.Shelf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The readers, on files of the same form with sentences of our own.
class TestSetsTest {
    @TempDir
    private Path data = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        write("locomo/corpus.jsonl", """
                {"_id":"conv-1/D1:1","scope":"conv-1","session":"session_1","speaker":"Ann","text":"Hi","caption":null}
                {"_id":"conv-1/D1:2","scope":"conv-1","session":"session_1","speaker":"Bo","text":"Look","caption":"a boat"}
                {"_id":"conv-2/D1:1","scope":"conv-2","session":"session_1","speaker":"Cy","text":"Bye","caption":null}
                """);
        write("locomo/queries.jsonl", """
                {"_id":"conv-1/q0","scope":"conv-1","category":4,"text":"What did Bo show?"}
                {"_id":"conv-1/q1","scope":"conv-1","category":3,"text":"Nobody knows?"}
                {"_id":"conv-2/q0","scope":"conv-2","category":5,"text":"Who left?"}
                """);
        String heading = "query-id\tcorpus-id\tscore\n";
        write("locomo/qrels_turn.tsv", heading + "conv-1/q0\tconv-1/D1:2\t1\nconv-2/q0\tconv-2/D1:1\t1\n");
        write("locomo/qrels_session.tsv", heading + "conv-1/q0\tconv-1/session_1\t1\nconv-2/q0\tconv-2/session_1\t1\n");
        write("scifact/corpus.jsonl", "{\"_id\":\"7\",\"title\":\"Bees\",\"text\":\"They dance.\"}\n");
        write(
                "scifact/queries.jsonl",
                "{\"_id\":\"1\",\"text\":\"Bees dance.\"}\n{\"_id\":\"2\",\"text\":\"Wasps.\"}\n");
        write("scifact/qrels/test.tsv", heading + "1\t7\t1\n2\t7\t0\n");
    }

    @Test
    void locomoTurnsAreOneShelfForEachConversation() {
        TestSet turns = new Locomo(data).turns();
        Shelf first = turns.shelves().getFirst();
        assertEquals(
                List.of(new Passage("D1:1", "Ann: Hi"), new Passage("D1:2", "Bo: Look [shares a boat]")),
                first.passages());
        assertEquals(
                List.of(new Question(
                        "conv-1/q0",
                        "What did Bo show?",
                        Set.of("D1:2"),
                        List.of(Locomo.CATEGORIES_1_TO_4, Locomo.HELD_OUT, Locomo.HELD_OUT_1_TO_4))),
                first.questions());
        assertEquals(
                List.of(Locomo.CATEGORY_5),
                turns.shelves().getLast().questions().getFirst().groups());
    }

    @Test
    void locomoSessionsHaveAllTheirTurns() {
        Shelf first = new Locomo(data).sessions().shelves().getFirst();
        assertEquals(List.of(new Passage("session_1", "Ann: Hi\nBo: Look [shares a boat]")), first.passages());
        assertEquals(Set.of("session_1"), first.questions().getFirst().relevant());
    }

    @Test
    void sciFactAsksOnlyWhatHasAnAnswer() {
        Shelf shelf = new SciFact(data).test().shelves().getFirst();
        assertEquals(List.of(new Passage("7", "Bees\nThey dance.")), shelf.passages());
        assertEquals(List.of("1"), shelf.questions().stream().map(Question::id).toList());
    }

    @Test
    void longMemEvalHidesWhereTheAnswerIs() throws IOException {
        write("mine.json", """
                [{"question_id":"x1","question_type":"t","question":"Which city?","haystack_dates":["d","d"],
                  "haystack_session_ids":["s9","answer_1"],"answer_session_ids":["answer_1"],
                  "haystack_sessions":[
                    [{"role":"user","content":"Tea?"},{"role":"assistant","content":"Yes."}],
                    [{"role":"user","content":"I moved to Oslo.","has_answer":true},{"role":"user","content":"It rains."}]]},
                 {"question_id":"x2_abs","question":"None?","haystack_session_ids":[],"answer_session_ids":[],
                  "haystack_sessions":[]}]
                """);
        TestSet set = new LongMemEval(data.resolve("mine.json")).questions();
        assertEquals(1, set.shelves().size());
        Shelf shelf = set.shelves().getFirst();
        assertEquals(
                List.of(new Passage("session-0", "Tea?"), new Passage("session-1", "I moved to Oslo.\nIt rains.")),
                shelf.passages());
        assertEquals(Set.of("session-1"), shelf.questions().getFirst().relevant());
        assertFalse(shelf.toString().contains("answer"));
    }

    private void write(String name, String text) throws IOException {
        Path file = data.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
