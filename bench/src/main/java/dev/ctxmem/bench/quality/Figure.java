package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Question;
import java.util.Locale;

/// One number of a report: the mean of a measure over the `count` questions (or pairs) of a group of a set.
record Figure(String set, String group, String measure, double value, int count) {
    /// The group of all questions.
    static final String ALL = "all";

    static boolean isIn(Question question, String group) {
        return group.equals(ALL) || question.groups().contains(group);
    }

    /// A line of the table.
    String line() {
        return String.format(Locale.ROOT, "%-16s %-26s %-24s %.4f  (n %,d)", set, group, measure, value, count);
    }
}
