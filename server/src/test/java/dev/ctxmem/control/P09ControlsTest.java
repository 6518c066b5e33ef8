package dev.ctxmem.control;

import dev.ctxmem.control.Verdict.Kind;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The controls of P9: no statement of a store may forget the deadline of an entry.
class P09ControlsTest extends Controls {
    /// Work of the server on vectors, which no read shows any more and the next purge takes away.
    private static final Pattern UNSEEN =
            Pattern.compile("(GenerationRows|PostgresGenerations)[.:].*|EmbeddingJobs\\.WAITING");

    /// What it loads has been alive a moment before.
    private static final Pattern SECOND_LOOK = Pattern.compile("Winners[.:].*");

    @TestFactory
    Stream<DynamicTest> theEmbeddedStore() {
        return controls("sqlite", "store.sqlite.SqliteStoreTest/");
    }

    @TestFactory
    Stream<DynamicTest> postgres() {
        return controls("postgres", "store.postgres.PostgresStoreTest/");
    }

    private static Stream<DynamicTest> controls(String store, String kit) {
        Stream<DynamicTest> bugs = DeadlinePredicates.of(store).entrySet().stream()
                .filter(bug -> !UNSEEN.matcher(bug.getKey()).matches()
                        && !SECOND_LOOK.matcher(bug.getKey()).matches())
                .map(bug -> notices(
                        store + " " + bug.getKey(),
                        bug.getValue(),
                        tests(kit, bug.getKey()),
                        Set.of(Kind.NOTICED, Kind.REFUSED)));
        return Stream.concat(Stream.of(passes(kit + "TimeToLive")), bugs);
    }

    private static String tests(String kit, String place) {
        boolean isOfLimit = place.equals("EntryWrites.EXPIRED_OF_ACCOUNT");
        return kit + (isOfLimit ? "Limits#whatHasExpired_makesRoom_purgedOrNot" : "TimeToLive");
    }
}
