package dev.ctxmem.control;

import dev.ctxmem.control.Verdict.Kind;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The controls of P9: no statement of a store may forget the deadline of an entry.
class P09ControlsTest extends Controls {
    /// They look for work of the server that nobody sees, and the next purge takes away.
    private static final Pattern UNSEEN = Pattern.compile("(GenerationRows|PostgresGenerations)[.:].*");

    @TestFactory
    Stream<DynamicTest> theEmbeddedStore() {
        return controls("sqlite", "store.sqlite.SqliteStoreTest/TimeToLive");
    }

    @TestFactory
    Stream<DynamicTest> postgres() {
        return controls("postgres", "store.postgres.PostgresStoreTest/TimeToLive");
    }

    private static Stream<DynamicTest> controls(String store, String tests) {
        Stream<DynamicTest> bugs = DeadlinePredicates.of(store).entrySet().stream()
                .filter(bug -> !UNSEEN.matcher(bug.getKey()).matches())
                .map(bug -> notices(store + " " + bug.getKey(), bug.getValue(), tests, Set.of(Kind.NOTICED)));
        return Stream.concat(Stream.of(passes(tests)), bugs);
    }
}
