package dev.ctxmem.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ctxmem.control.Verdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The controls of the promises: each row is a bug in one class, and the test that must fail because of it.
class PromiseControlsTest extends Controls {
    private static final String EMBEDDED = "store.sqlite.SqliteStoreTest/";
    private static final Edit EARLY = new Edit.Also("run", "acknowledge");
    private static final String POSTGRES = "store.postgres.PostgresStoreTest/";

    @TestFactory
    Stream<DynamicTest> everyBug_isNoticed() {
        return Stream.of(durability(), records(), search(), input(), operation(), ALL ? slow() : List.<Control>of())
                .flatMap(List::stream)
                .map(control -> notices(
                        control.title(), control.mutant(), control.tests(), Set.of(Kind.NOTICED, Kind.REFUSED)));
    }

    @Test
    void aBugWhosePlaceIsGone_isAnError() {
        var gone = new Mutant("nothing", "store.sqlite.Erasure", new Edit.Answer("noSuchMethod", null));
        assertThrows(IllegalStateException.class, gone::changed);
    }

    @Test
    void noTest_isNoAnswer() {
        assertEquals(Kind.NO_TEST, run(EMBEDDED + "Entries#noSuchTest").kind());
    }

    private static List<Control> durability() {
        return List.of(
                Control.of(
                        "P1",
                        "writes are acknowledged before COMMIT",
                        "store.sqlite.Writer$Pending",
                        EARLY,
                        "store.sqlite.P01ProcessCrashDurabilityTest#everyAcknowledgedWrite_survivesKillsAtAnyMoment"),
                Control.of(
                        "P1",
                        "COMMIT is left out",
                        "store.postgres.Database",
                        new Edit.Instead("once", "commit", null),
                        "process.PostgresServerTest#twoInstancesOnOneDatabase_readWhatTheOtherWrote_andAKillLosesNothing"),
                Control.of(
                        "P13",
                        "the files of the index are not checked at the start",
                        "store.lucene.CommittedIndex",
                        new Edit.Answer("verify", null),
                        "store.lucene.P13DamageTest#flippedBits_areNoticed"),
                Control.of(
                        "P13",
                        "the index is not fed the first things that it lacks",
                        "store.sqlite.IndexFeed",
                        new Edit.Instead("<init>", "durableSequence", 10L),
                        "store.sqlite.IndexFeedTest#aLostIndex_isRebuiltFromTheRecords"),
                Control.of(
                        "P23",
                        "the signal decides the exit code",
                        "Program",
                        new Edit.Instead("stop", "halt", null),
                        "process.P23GracefulShutdownTest"),
                Control.of(
                        "P23",
                        "connections are closed at once",
                        "http.Listener",
                        new Edit.Instead("open", "shutdownGrace", Duration.ZERO),
                        "http.ShutdownTest#aRequestUnderWay_isFinished"));
    }

    /// Over HTTP the moment between an answer and its COMMIT is seldom met.
    private static List<Control> slow() {
        return List.of(Control.of(
                "P1",
                "writes are acknowledged before COMMIT",
                "store.sqlite.Writer$Pending",
                EARLY,
                "process.P01ServerCrashTest"));
    }

    private static List<Control> records() {
        return List.of(
                Control.of(
                        "P4",
                        "a version has no event",
                        "store.sqlite.EntryRows",
                        new Edit.Rewrite("insert into events", "values \\((.*)\\)", "select $1 where false"),
                        EMBEDDED + "History#history_tellsEachVersionWhole_newestFirst"),
                Control.of(
                        "P4",
                        "the former version is not kept",
                        "store.postgres.EntryRows",
                        new Edit.Text(
                                "state = 'deleted', value, tags,", "where account_id", "where false and account_id"),
                        POSTGRES + "History#history_tellsEachVersionWhole_newestFirst"),
                Control.of(
                        "P5",
                        "what was purged forgets its counter",
                        "store.sqlite.EntryWrites",
                        new Edit.Text("from entries", "e.version,", "case when e.state = 2 then 0 else e.version end,"),
                        EMBEDDED + "TimeToLive#purgeExpired_keepsTheVersionCounter"),
                Control.of(
                        "P5",
                        "what was purged forgets its counter",
                        "store.postgres.EntryWrites",
                        new Edit.Text(
                                "from namespaces",
                                "e.version,",
                                "case when e.state = 'purged' then 0 else e.version end,"),
                        POSTGRES + "TimeToLive#purgeExpired_keepsTheVersionCounter"),
                Control.of(
                        "P25",
                        "checksums are not compared",
                        "store.sqlite.StoredEntry",
                        new Edit.Answer("intact", true),
                        "store.sqlite.P25CorruptionTest#aFlippedBitInAValue_isReported_forThatEntryAlone"),
                Control.of(
                        "P25",
                        "checksums are not compared",
                        "store.postgres.StoredEntry",
                        new Edit.Answer("isIntact", true),
                        "store.postgres.P25PostgresCorruptionTest"),
                Control.of(
                        "P20",
                        "the hash of a backup is not compared",
                        "archive.BackupFile",
                        new Edit.Instead("extract", "equals", true),
                        "P20BackupTest#damagedBackups_areRefusedWhole_andLeaveWhatIsThere"),
                Control.of(
                        "P20",
                        "the hash of a backup is not compared",
                        "archive.ArchiveReader$Lines",
                        new Edit.Instead("finish", "equals", true),
                        "P20PostgresBackupTest#damagedAndForeignBackups_areRefusedWhole"));
    }

    private static List<Control> search() {
        return List.of(
                Control.of(
                        "P10",
                        "hits are not looked up in the records",
                        "store.sqlite.Search$Answer",
                        new Edit.Text("cross join versions v", "where n.account_id", "where true or n.account_id"),
                        "store.sqlite.IndexFeedTest#anIndexThatLies_isNotBelieved"),
                Control.of(
                        "P10",
                        "what was deleted is a candidate",
                        "store.postgres.Candidates",
                        new Edit.Text("e.account_id = :account and e.state", "e.state = 'live'", "true"),
                        POSTGRES + "Search#anEqualKey_ofAnEntryThatIsGone_isNoHit"),
                Control.of(
                        "P11",
                        "parts of the index without a graph are left out",
                        "store.lucene.VectorSearch",
                        new Edit.Instead("nearest", "scan", null),
                        "store.lucene.P11CompletenessTest#candidates_ofScannedScopes_areThoseOfAnExactSearch"),
                Control.of(
                        "P11",
                        "hnsw.iterative_scan is off, and what lacks is not scanned for",
                        "store.postgres.Search",
                        new Edit.Both(
                                new Edit.Text("hnsw.iterative_scan", "strict_order", "off"),
                                new Edit.Instead("prepare", "isComplete", true)),
                        "store.postgres.GraphSearchTest#aFilter_thatHalfOfTheEntriesMatch_getsFullAnswers"),
                Control.of(
                        "P12",
                        "a flat index is never brought up to date",
                        "store.postgres.FlatIndexes$Kept",
                        new Edit.Answer("isOf", true),
                        "store.postgres.PooledStoreTest/Search#aSearch_seesEveryAcknowledgedWrite"),
                Control.of(
                        "P12",
                        "nobody waits for the index",
                        "store.sqlite.IndexFeed",
                        new Edit.Answer("awaitVisible", null),
                        "store.EmbeddedStoreTest/Search#aSearch_seesEveryAcknowledgedWrite"),
                Control.of(
                        "P14",
                        "what the provider refuses fails the write",
                        "embed.Batcher",
                        new Edit.Instead("await", "empty", null),
                        "embed.BatcherTest#aProviderThatFails_isNotWaitedFor"));
    }

    private static List<Control> input() {
        return List.of(
                Control.of(
                        "P18",
                        "numbers have no range",
                        "core.JsonValidation",
                        new Edit.Echo("checkedNumber"),
                        "http.P18InputFuzzTest"),
                Control.of(
                        "P26",
                        "unknown values are taken",
                        "config.Config",
                        new Edit.Instead("read", "isEmpty", true),
                        "process.P26StartChecksTest#aBadSettingIsRefusedWithOneLineThatNamesIt"),
                Control.of(
                        "P26",
                        "the database is not checked",
                        "store.postgres.StartChecks",
                        new Edit.Answer("refuse", null),
                        "process.PostgresServerTest#aDatabaseThatMayLoseWrites_isRefused"),
                Control.of(
                        "P26",
                        "nobody looks whether the first account is there",
                        "store.sqlite.AccountRows",
                        new Edit.Instead("create", "setting", null),
                        EMBEDDED + "Signup#onlyOneOfFiftyAtOnce_getsIn"),
                Control.of(
                        "P26",
                        "the first account is one's own only",
                        "store.postgres.AccountRows",
                        new Edit.Rewrite(
                                "insert into settings", "do nothing", "(name) do update set value = excluded.value"),
                        POSTGRES + "Signup#onlyOneOfFiftyAtOnce_getsIn"),
                Control.of(
                        "P26",
                        "keys are taken under another salt",
                        "memory.Peppers",
                        new Edit.Instead("resolve", "equals", true),
                        "process.P26StartChecksTest#aSaltThatKeysWereNotMadeUnderIsRefused_unlessTheOldOneComesAlong"),
                Control.of(
                        "P27",
                        "keys are not blotted out",
                        "log.LogLines",
                        new Edit.Rewrite("ctx_", ".*", "nothing like a key"),
                        "log.LogLinesTest#nothingThatLooksLikeAKeyIsWritten"));
    }

    private static List<Control> operation() {
        return List.of(
                Control.of(
                        "P19",
                        "each instance takes the whole limit when Redis is lost",
                        "redis.RedisRateLimiter",
                        new Edit.Instead("take", "max", 6_000L),
                        "redis.P19RateLimitTest#whenRedisIsKilled_eachInstanceTakesItsShare_andNothingIsUnlimited"),
                Control.of(
                        "P9",
                        "an expired entry is purged by everyone who has seen it",
                        "store.postgres.Erasure",
                        new Edit.Text("for update\n", "and e.state = 'live' and e.expires_at <= :now", ""),
                        "store.postgres.SharedWorkTest#whatAnotherPurged_sinceItWasSeen_isLeftAlone"));
    }
}
