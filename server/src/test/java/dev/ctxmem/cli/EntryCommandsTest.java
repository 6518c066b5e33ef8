package dev.ctxmem.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the commands on entries ask for, and what they print.
final class EntryCommandsTest {
    private static final String ENTRIES = "/v1/namespaces/myproject/entries";

    @TempDir
    Path home;

    private final CannedApi api = new CannedApi();
    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(home, api);
        api.answers("POST " + ENTRIES, 201, Samples.entry("decision", "1"));
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void set_sendsEverythingThatWasTyped_optionsInAnyPlace() {
        var run = shell.ctx(
                "set",
                "--importance",
                "0.9",
                "myproject",
                "decision",
                "--tags",
                "db,prod",
                "use postgres",
                "--ttl",
                "3600",
                "-t",
                "final",
                "--metadata",
                "{\"by\": \"me\"}");

        assertEquals(new Shell.Run(0, "Created decision (version 7)\n", ""), run);
        assertEquals("""
                {"key":"decision","value":"use postgres","tags":["db","prod","final"],"metadata":{"by":"me"},\
                "importance":0.9,"ttl_seconds":3600}""", api.lastRequest().body());
        assertEquals("Bearer ctx_secret", api.lastRequest().authorization());
    }

    @Test
    void set_withNothingElse_leavesTheExpiryAlone() {
        api.answers("POST " + ENTRIES, 200, Samples.entry("decision", "1"));

        var run = shell.ctx("set", "myproject", "decision", "x");

        assertEquals("Updated decision (version 7)\n", run.out());
        assertEquals(
                "{\"key\":\"decision\",\"value\":\"x\",\"tags\":[],\"metadata\":{},\"importance\":0.5}",
                api.lastRequest().body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello | \"hello\"",
                "42 | \"42\"",
                "true | \"true\"",
                "-5 | \"-5\"",
                "\"quoted\" | \"\\\"quoted\\\"\"",
                "{\"a\": 1.50} | {\"a\":1.50}",
                "[1, 2] | [1,2]",
                "{not json | \"{not json\"",
                "[x](http://y) | \"[x](http://y)\"",
                "@@alice said | \"@alice said\"",
                "@@@ | \"@@\"",
            })
    void set_takesTextUnlessItLooksLikeJsonAndIs(String typed, String sent) {
        assertEquals(0, shell.ctx("set", "myproject", "k", typed).exitCode());

        assertEquals(sent, sentValue());
    }

    @Test
    void set_takesJsonOrTextByForce() {
        shell.ctx("set", "myproject", "k", "42", "--json-value");
        assertEquals("42", sentValue());

        shell.ctx("set", "myproject", "k", "{}", "--text-value");
        assertEquals("\"{}\"", sentValue());

        assertEquals(
                2, shell.ctx("set", "myproject", "k", "{oops", "--json-value").exitCode());
        assertEquals(
                2,
                shell.ctx("set", "myproject", "k", "1", "--json-value", "--text-value")
                        .exitCode());
        assertEquals(2, api.requests.size());
    }

    @Test
    void set_readsValuesFromTheStandardInputAndFromFiles_lessTheirLastLineBreak() throws IOException {
        shell.input = "größe\nzwei\n\n";
        shell.ctx("set", "myproject", "k", "-");
        assertEquals("\"größe\\nzwei\\n\"", sentValue());

        Files.writeString(home.resolve("value"), "{\"a\": [1]}\r\n");
        shell.ctx("set", "myproject", "k", "@" + home.resolve("value"));
        assertEquals("{\"a\":[1]}", sentValue());

        shell.input = "";
        shell.ctx("set", "myproject", "k", "-");
        assertEquals("\"\"", sentValue());
    }

    @Test
    void set_refusesWhatIsNoValue() throws IOException {
        Files.write(home.resolve("latin1"), new byte[] {'a', (byte) 0xE4});
        Files.write(home.resolve("big"), new byte[(2 << 20)]);

        assertEquals(
                1,
                shell.ctx("set", "myproject", "k", "@" + home.resolve("latin1")).exitCode());
        assertEquals(
                1, shell.ctx("set", "myproject", "k", "@" + home.resolve("big")).exitCode());
        assertEquals(
                new Shell.Run(1, "", "error: There is no file " + home.resolve("missing") + ".\n"),
                shell.ctx("set", "myproject", "k", "@" + home.resolve("missing")));
        assertEquals(List.of(), api.requests);
    }

    @ParameterizedTest
    @CsvSource({"60, 60", "60s, 60", "5m, 300", "12h, 43200", "7d, 604800", "none, null"})
    void set_takesTimesToLiveWithUnits(String typed, String seconds) {
        shell.ctx("set", "myproject", "k", "v", "--ttl", typed);

        assertEquals(seconds, sent("ttl_seconds"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "d", "x", "5w", "1.5h", "99999999999999999999", "9223372036854775807d"})
    void set_refusesOtherTimesToLive(String typed) {
        assertEquals(
                2, shell.ctx("set", "myproject", "k", "v", "--ttl=" + typed).exitCode());
    }

    @Test
    void set_refusesWhatTheServerWouldRefuse_withoutAsking() {
        var run = shell.ctx("set", "myproject", "k", "v", "--importance", "1.5");

        assertEquals(new Shell.Run(1, "", "error: importance must be between 0 and 1\n"), run);
        assertEquals(1, shell.ctx("set", "myproject", "..", "v").exitCode());
        assertEquals(1, shell.ctx("set", "myproject", "k", "v", "--ttl", "0").exitCode());
        assertEquals(
                1, shell.ctx("set", "myproject", "k", "v", "--metadata", "[]").exitCode());
        assertEquals(List.of(), api.requests);
    }

    @Test
    void get_printsAStringAsItsCharacters_andAnythingElseAsJson() {
        api.answers("GET " + ENTRIES + "/a%2Fb", 200, Samples.entry("a/b", "\"use \\\"postgres\\\"\\nö\""));
        api.answers("GET " + ENTRIES + "/json", 200, Samples.entry("json", "{\"a\": 1.50}"));
        api.answers("GET " + ENTRIES + "/null", 200, Samples.entry("null", "null"));

        assertEquals(new Shell.Run(0, "use \"postgres\"\nö\n", ""), shell.ctx("get", "myproject", "a/b"));
        assertEquals("{\"a\":1.50}\n", shell.ctx("get", "myproject", "json").out());
        assertEquals("null\n", shell.ctx("get", "myproject", "null").out());
    }

    @Test
    void get_drivesNoTerminal_butAPipeGetsEveryByte() {
        api.answers("GET " + ENTRIES + "/k", 200, Samples.entry("k", "\"a\\u001b[31mb\\n\\t\\u009bc\\u202ed👩‍🚀\""));

        assertEquals(
                "a\u001b[31mb\n\t\u009bc\u202ed👩‍🚀\n",
                shell.ctx("get", "myproject", "k").out());
        shell.terminal = true;
        assertEquals(
                "a\\u001b[31mb\n\t\\u009bc\\u202ed👩‍🚀\n",
                shell.ctx("get", "myproject", "k").out());
        String json = shell.ctx("get", "myproject", "k", "--json").out();
        assertTrue(json.contains("\\u009bc\\u202ed"), json);
        assertEquals(
                "a\u001b[31mb\n\t\u009bc\u202ed👩‍🚀",
                Objects.requireNonNull(Json.parse(json).members().get("value")).asString());
    }

    @Test
    void get_ofAMissingEntry_isNotFound() {
        var run = shell.ctx("get", "myproject", "nothing");

        assertEquals(3, run.exitCode());
        assertEquals("", run.out());
        assertEquals("""
                error: Entry not found.
                hint: List what is there with 'ctx ns list' or 'ctx ls NAMESPACE'.
                """, run.err());
    }

    @Test
    void list_printsATableOfThePage() {
        api.answers(
                "GET " + ENTRIES + "?limit=20&tag=db&tag=prod",
                200,
                "{\"entries\":["
                        + Samples.entry("decision", "\"use postgres\\nfor\\u001b[2J the database\"")
                        + "," + Samples.entry("größe", "[" + "1,".repeat(50) + "1]")
                        + "],\"next_cursor\":\"c2\"}");

        var run = shell.ctx("ls", "myproject", "-t", "db", "--tag", "prod", "-l", "20");

        assertEquals("""
                KEY       VERSION  UPDATED            EXPIRES  TAGS     VALUE
                decision  7        2026-01-02 03:04Z  never    db,prod  use postgres\\nfor\\u001b[2J the database
                größe     7        2026-01-02 03:04Z  never    db,prod  [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,…
                """, run.out());
        assertEquals("More with --cursor c2\n", run.err());
    }

    @Test
    void list_ofNothing_printsNothing() {
        api.answers("GET " + ENTRIES + "?limit=50&cursor=c2", 200, "{\"entries\":[],\"next_cursor\":null}");

        assertEquals(new Shell.Run(0, "", "No entries.\n"), shell.ctx("list", "myproject", "--cursor", "c2"));
    }

    @Test
    void delete_saysWhatIsGone() {
        api.answers(
                "DELETE " + ENTRIES + "/" + Samples.ID,
                200,
                "{\"deleted\":true,\"id\":\"" + Samples.ID + "\",\"key\":\"decision\"}");

        assertEquals(new Shell.Run(0, "Deleted decision\n", ""), shell.ctx("rm", "myproject", Samples.ID));
    }

    @Test
    void history_printsATableOfVersions() {
        api.answers("GET " + ENTRIES + "/k/history?limit=2", 200, """
                {"history":[
                 {"version":2,"value":null,"tags":[],"metadata":{},"importance":0.5,"ttl_seconds":null,
                  "changed_at":"2026-01-02T03:04:05.006Z","deleted":true,"key_id":null,"request_id":"r"},
                 {"version":1,"value":"old","tags":["t"],"metadata":{},"importance":0.5,"ttl_seconds":null,
                  "changed_at":"2026-01-02T03:03:05.006Z","deleted":false,"key_id":"%s","request_id":"r"}],
                 "next_cursor":null}""".formatted(Samples.ID));

        assertEquals("""
                VERSION  CHANGED            BY KEY                                TAGS  VALUE
                2        2026-01-02 03:04Z                                              (deleted)
                1        2026-01-02 03:03Z  01890a5d-ac96-774b-bcce-b302099a8057  t     old
                """, shell.ctx("history", "myproject", "k", "-l", "2").out());
    }

    @Test
    void search_printsEachHitWithItsCertainty() {
        api.answers(
                "POST /v1/search",
                200,
                Samples.results(
                        Samples.hit("decision", "\"use postgres for the database\"", 0.934, ""),
                        Samples.hit("notes/b", "\"one\\ntwo\\u001b[0m\"", 0.7, "")));

        var run = shell.ctx("search", "what database should I use");

        assertEquals("""
                1. [myproject/decision] 93 %
                   use postgres for the database
                2. [myproject/notes/b] 70 %
                   one
                   two\\u001b[0m
                """, run.out());
        assertEquals("""
                {"query":"what database should I use","limit":10,"threshold":0.7,"tags":[],"explain":false}""", api.lastRequest().body());
    }

    @Test
    void search_passesItsOptionsOn_andExplains() {
        String why = ",\"explanation\":{\"bias\":-9.5,\"cosine\":0.5212,"
                + "\"factors\":[{\"name\":\"cosine\",\"value\":0.5212,\"weight\":10.5}]}";
        api.answers("POST /v1/search", 200, Samples.results(Samples.hit("k", "1", 1, why)));

        var run = shell.ctx("search", "-n", "myproject", "q", "-l", "5", "--threshold", "0.8", "-t", "a", "--explain");

        assertEquals("1. [myproject/k] 100 %\n   1\n   bias -9.5 + cosine 0.521 × 10.5; cosine 0.521\n", run.out());
        assertEquals(
                "{\"query\":\"q\",\"namespace\":\"myproject\",\"limit\":5,\"threshold\":0.8,\"tags\":[\"a\"],\"explain\":true}",
                api.lastRequest().body());
    }

    @Test
    void search_byTextAlone() {
        api.answers("POST /v1/search/text", 200, Samples.results());

        assertEquals(new Shell.Run(0, "", "Nothing found.\n"), shell.ctx("search", "q", "--text", "-n", "myproject"));
        assertEquals(2, shell.ctx("search", "q", "--text", "--threshold", "0.1").exitCode());
        assertEquals(1, api.requests.size());
    }

    @Test
    void search_withoutHits_saysHowToFindMore() {
        api.answers("POST /v1/search", 200, Samples.results());

        var run = shell.ctx("search", "q");

        assertEquals(0, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("Nothing found. A lower --threshold"), run.err());
    }

    @Test
    void search_showsTheStartOfALongValue() {
        api.answers("POST /v1/search", 200, Samples.results(Samples.hit("k", "\"" + "x".repeat(2000) + "\"", 1, "")));

        assertTrue(shell.ctx("search", "q").out().endsWith("   " + "x".repeat(499) + "…\n"));
    }

    @Test
    void json_isTheAnswerOfTheApi_beforeOrBehindTheCommand() {
        String answer = Samples.results(Samples.hit("k", "12345678901234567890.10", 0.5, ",\"of_tomorrow\":1"));
        api.answers("POST /v1/search", 200, answer);

        assertEquals(new Shell.Run(0, answer + "\n", ""), shell.ctx("search", "q", "--json"));
        assertEquals(answer + "\n", shell.ctx("--json", "search", "q").out());
    }

    @Test
    void colours_areForTerminalsThatWantThem() {
        api.answers("POST /v1/search", 200, Samples.results(Samples.hit("k", "1", 1, "")));
        assertFalse(shell.ctx("search", "q").out().contains("\u001b"));

        shell.terminal = true;
        assertEquals(
                "1. \u001b[1m[myproject/k]\u001b[0m 100 %\n   1\n",
                shell.ctx("search", "q").out());

        shell.environment.put("NO_COLOR", "1");
        assertFalse(shell.ctx("search", "q").out().contains("\u001b"));
        assertFalse(shell.ctx("search", "--help").out().contains("\u001b"));
    }

    private String sentValue() {
        return sent("value");
    }

    private String sent(String member) {
        return String.valueOf(Json.parse(api.lastRequest().body()).members().get(member));
    }
}
