package dev.ctxmem.bench.quality;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Questions and the passages that answer them, on shelves that know nothing of each other.
record TestSet(String name, List<Shelf> shelves) {
    TestSet {
        shelves = List.copyOf(shelves);
    }

    int passages() {
        return shelves.stream().mapToInt(shelf -> shelf.passages().size()).sum();
    }

    int questions() {
        return shelves.stream().mapToInt(shelf -> shelf.questions().size()).sum();
    }

    /// What one namespace holds, and what is asked there.
    record Shelf(String name, List<Passage> passages, List<Question> questions) {
        Shelf {
            passages = List.copyOf(passages);
            questions = List.copyOf(questions);
        }
    }

    /// What one entry holds. `key` is unique on its shelf.
    record Passage(String key, String text) {}

    /// `relevant` are keys on the question's shelf, at least one. `groups` are the parts of the set it belongs
    /// to, for figures of their own.
    record Question(String id, String text, Set<String> relevant, List<String> groups) {
        Question {
            relevant = Set.copyOf(relevant);
            groups = List.copyOf(groups);
            if (relevant.isEmpty()) {
                throw new IllegalArgumentException("Question " + id + " has no answer.");
            }
        }

        /// How many of the relevant keys are among `keys`.
        int found(Collection<String> keys) {
            return (int) keys.stream().filter(relevant::contains).count();
        }
    }
}
