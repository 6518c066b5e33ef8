package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Passage;
import dev.ctxmem.bench.quality.TestSet.Question;
import dev.ctxmem.bench.quality.TestSet.Shelf;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// LongMemEval (Wu et al., 2025), from a file in the form of its `longmemeval_s.json`: each question has a
/// shelf of its own with some fifty sessions, of which a few have the answer. A passage is what the user said
/// in a session. Questions that have no answer are left out, 470 of 500 are asked.
///
/// Keys are positions: the file's own session ids begin with "answer" where the answer is.
final class LongMemEval {
    /// Ends the id of a question without an answer.
    private static final String UNANSWERABLE = "_abs";

    private final Path file;

    LongMemEval(Path file) {
        this.file = file;
    }

    /// The file is read as a stream: it has some 280 MB. UncheckedIOException.
    TestSet questions() {
        var shelves = new ArrayList<Shelf>();
        try (InputStream in = Files.newInputStream(file);
                JsonParser json = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), in)) {
            require(json.nextToken(), JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                Instance instance = new Instance();
                instance.read(json);
                if (!instance.id.endsWith(UNANSWERABLE)) {
                    shelves.add(instance.shelf());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestSet(
                "longmemeval-s", shelves, List.of(Measure.any(1), Measure.any(5), Measure.all(5)), List.of());
    }

    private static void require(JsonToken found, JsonToken expected) {
        if (found != expected) {
            throw new IllegalArgumentException("The file has " + found + " where " + expected + " should stand.");
        }
    }

    /// One question as it stands in the file.
    private static final class Instance {
        private String id = "";
        private String question = "";
        private List<String> sessionIds = List.of();
        private Set<String> answerIds = Set.of();
        private final List<String> sessions = new ArrayList<>();

        void read(JsonParser json) {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "question_id" -> id = json.getString();
                    case "question" -> question = json.getString();
                    case "haystack_session_ids" -> sessionIds = strings(json);
                    case "answer_session_ids" -> answerIds = Set.copyOf(strings(json));
                    case "haystack_sessions" -> readSessions(json);
                    default -> json.skipChildren();
                }
            }
        }

        Shelf shelf() {
            var passages = new ArrayList<Passage>();
            var relevant = new HashSet<String>();
            for (int i = 0; i < sessions.size(); i++) {
                if (!sessions.get(i).isEmpty()) {
                    passages.add(new Passage("session-" + i, sessions.get(i)));
                    if (answerIds.contains(sessionIds.get(i))) {
                        relevant.add("session-" + i);
                    }
                }
            }
            return new Shelf(id, passages, List.of(new Question(id, question, relevant, List.of())));
        }

        private void readSessions(JsonParser json) {
            require(json.currentToken(), JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_ARRAY) {
                var said = new ArrayList<String>();
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    readTurn(json, said);
                }
                sessions.add(String.join("\n", said));
            }
        }

        private static void readTurn(JsonParser json, List<String> said) {
            String role = "";
            String content = "";
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "role" -> role = json.getString();
                    case "content" -> content = json.getString();
                    default -> json.skipChildren();
                }
            }
            if (role.equals("user")) {
                said.add(content);
            }
        }

        private static List<String> strings(JsonParser json) {
            var strings = new ArrayList<String>();
            require(json.currentToken(), JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                strings.add(json.getString());
            }
            return strings;
        }
    }
}
