package dev.ctxmem.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.control.Verdict.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The controls of P8: no statement of a store may forget the account. Whatever binds a table to an account is left
/// out in turn, and the kit's tests of isolation must fail; or a line here says what else keeps the accounts apart.
class P08ControlsTest extends Controls {
    private static final String ID = "a random id beside it, read through the account before, is of one account; on"
            + " PostgreSQL the comparison leads the primary key";
    private static final String ANY_ACCOUNT = "work of the server for every account, joined by random ids";
    private static final String SECOND_LOOK =
            "whatever it proposes is bound to the account again where it is looked up";
    private static final String COUNTED =
            "an index that has more or less than its account, or misses an event, is thrown away unused";
    private static final String SIZE = "decides how the search goes, not what it finds";
    private static final String HASHED = "the account is in the hash of every stem";
    private static final String ONE = "asked of a store with one account at most";

    /// Whether to see, too, that what is named here as redundant is.
    private static final boolean WITH_REDUNDANT = ALL;

    /// What may be left out, by the name of its place, and why.
    private static final Map<Pattern, String> REDUNDANT = new LinkedHashMap<>();

    /// Who notices, by the name of the place: a part of the kit. What is not named here is of `Isolation`.
    private static final Map<Pattern, String> NOTICED_BY = new LinkedHashMap<>();

    static {
        redundant("Search\\.(EXACT_KEY_ROWS|NAMESPACE_ROWS|NAMESPACES).*|NamespaceRows\\.SIZES", SECOND_LOOK);
        redundant("(Winners|FlatSearch)[.:].*", SECOND_LOOK);
        redundant("FlatRows(?!\\.STATE)[.:].*", COUNTED);
        redundant("(Candidates|Nearest)(?!: e\\.account_id = :account).*", SECOND_LOOK);
        redundant("Search\\.ENTRIES", SIZE);
        redundant("Frequencies\\.COUNT", HASHED);
        redundant("(EmbeddingJobs|PostgresGenerations)[.:].*", ANY_ACCOUNT);
        redundant("PostgresArchive\\.IS_EMPTY", ONE);
        redundant("ArchiveExport\\.(ENTRIES|VERSIONS|VECTORS)", ID);
        redundant("ArchiveLoad\\.NAMESPACE_COUNT|KeyRows\\.RESTORE_REVOKED", ID);
        redundant("EntryRows\\.(COUNT_IN_NAMESPACE|UPDATE|ERASE_VERSIONS|KEEP_FORMER|ERASE_CHUNKS|ERASE_JOB).*", ID);
        redundant("EntryRows\\.ERASE_EVENTS [23].*", ID);
        redundant("Erasure\\.(STILL_EXPIRED|TOMBSTONE)", ID);
        redundant("NamespaceRows(\\.ENTRIES|: delete from .*)", ID);

        noticedBy("Archive.*|KeyRows\\.ALL", "Archives");
        noticedBy("FlatRows\\.STATE", "store.postgres.PooledStoreTest/Isolation");
        noticedBy("KeyRows\\.COUNT", "Accounts#addKey_stopsAtTheLimit_andRevokedOnesDoNotCount");
        noticedBy("Search\\.RECORDS.*", "store.sqlite.IndexFeedTest#anIndexThatLies_isNotBelieved");
        noticedBy(
                "Standby\\.REVISION", "store.postgres.StandbyTest#aRevisionThatTheStandbyHasNot_isReadFromThePrimary");
    }

    private static void redundant(String places, String reason) {
        REDUNDANT.put(Pattern.compile(places), reason);
    }

    private static void noticedBy(String places, String tests) {
        NOTICED_BY.put(Pattern.compile(places), tests);
    }

    @TestFactory
    Stream<DynamicTest> theEmbeddedStore() {
        return controls("sqlite", "store.sqlite.SqliteStoreTest/");
    }

    @TestFactory
    Stream<DynamicTest> postgres() {
        return controls("postgres", "store.postgres.PostgresStoreTest/");
    }

    @Test
    void everyExceptionIsForSomething() {
        Set<String> places = Set.copyOf(Stream.of("sqlite", "postgres")
                .flatMap(store -> AccountPredicates.of(store).keySet().stream())
                .toList());
        assertEquals(
                List.of(),
                Stream.concat(REDUNDANT.keySet().stream(), NOTICED_BY.keySet().stream())
                        .filter(pattern -> places.stream().noneMatch(place -> matches(pattern, place)))
                        .map(Pattern::pattern)
                        .toList());
    }

    /// The SQL of these bugs is well-formed, so that a failure is an answer, too.
    private static Stream<DynamicTest> controls(String store, String kit) {
        Stream<DynamicTest> bugs = AccountPredicates.of(store).entrySet().stream()
                .filter(bug -> WITH_REDUNDANT || find(REDUNDANT, bug.getKey()).isEmpty())
                .map(bug -> control(store + " " + bug.getKey(), bug.getValue(), kit, bug.getKey()));
        return Stream.concat(Stream.of(passes(kit + "Isolation"), passes(kit + "Archives")), bugs);
    }

    private static DynamicTest control(String title, Mutant mutant, String kit, String place) {
        return find(REDUNDANT, place)
                .map(reason -> survives(title + ": " + reason, mutant, kit + "Isolation"))
                .orElseGet(() ->
                        notices(title, mutant, tests(kit, place), Set.of(Kind.NOTICED, Kind.REFUSED, Kind.FAILED)));
    }

    private static String tests(String kit, String place) {
        String tests = find(NOTICED_BY, place).orElse("Isolation");
        return tests.startsWith("store.") ? tests : kit + tests;
    }

    private static Optional<String> find(Map<Pattern, String> lines, String place) {
        return lines.entrySet().stream()
                .filter(line -> matches(line.getKey(), place))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean matches(Pattern pattern, String place) {
        return pattern.matcher(place).matches();
    }
}
