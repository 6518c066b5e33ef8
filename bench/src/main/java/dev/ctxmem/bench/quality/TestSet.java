package dev.ctxmem.bench.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Questions and the passages that answer them, on shelves that know nothing of each other. Reported are
/// `measures`, for all questions and for each of `groups`.
record TestSet(String name, List<Shelf> shelves, List<Measure> measures, List<String> groups) {
    TestSet {
        shelves = List.copyOf(shelves);
        measures = List.copyOf(measures);
        groups = List.copyOf(groups);
    }

    /// The measures of rankings, one for each question.
    List<Figure> figures(List<Ranked> rankings) {
        var names = new ArrayList<>(List.of(Figure.ALL));
        names.addAll(groups);
        var figures = new ArrayList<Figure>();
        for (String group : names) {
            List<Ranked> chosen = rankings.stream()
                    .filter(ranked -> ranked.question().isIn(group))
                    .toList();
            for (Measure measure : measures) {
                double mean = chosen.stream()
                        .mapToDouble(ranked -> measure.value().applyAsDouble(ranked.question(), ranked.keys()))
                        .average()
                        .orElse(Double.NaN);
                figures.add(new Figure(name, group, measure.name(), mean, chosen.size()));
            }
        }
        return figures;
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

    /// `relevant` are keys on the question's shelf, at least one.
    record Question(String id, String text, Set<String> relevant, List<String> groups) {
        Question {
            relevant = Set.copyOf(relevant);
            groups = List.copyOf(groups);
            if (relevant.isEmpty()) {
                throw new IllegalArgumentException("Question " + id + " has no answer.");
            }
        }

        boolean isIn(String group) {
            return group.equals(Figure.ALL) || groups.contains(group);
        }

        /// How many of the relevant keys are among `keys`.
        int found(Collection<String> keys) {
            return (int) keys.stream().filter(relevant::contains).count();
        }
    }
}
