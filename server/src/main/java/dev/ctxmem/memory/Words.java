package dev.ctxmem.memory;

import java.util.List;

/// Splits text into stems, the same way for entries and questions. Thread-safe, pure.
public interface Words {
    /// The stems of a text in order, repeats included: lower case, identifiers and compounds split.
    List<String> stems(String text);

    /// Whether a stem carries meaning of its own (it is no "the", "what", "should").
    boolean isContent(String stem);

    /// The distinct content stems of a question, at most [#QUERY_STEMS_MAX]; all distinct stems when it has
    /// none with content.
    default List<String> queryStems(String question) {
        List<String> all = stems(question).stream().distinct().toList();
        List<String> content = all.stream().filter(this::isContent).toList();
        return (content.isEmpty() ? all : content)
                .stream().limit(QUERY_STEMS_MAX).toList();
    }

    /// As many as there are bits in a `long`: a candidate's matches are a bit mask.
    int QUERY_STEMS_MAX = 64;
}
