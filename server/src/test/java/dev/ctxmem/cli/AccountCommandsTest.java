package dev.ctxmem.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Namespaces, keys, and accounts: with a key, before one has one, and beside the server.
final class AccountCommandsTest {
    @TempDir
    Path home;

    private final CannedApi api = new CannedApi();
    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(home, api);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void whoami_showsUsage_withUnlimitedAsInfinite() {
        api.answers("GET /v1/account", 200, Samples.USAGE);

        assertEquals("""
                account     admin@local (Admin)
                tier        team
                namespaces  3 of ∞
                entries     120 of 1000
                requests    7 of ∞ this month
                server      %s
                """.formatted(api.url()), shell.ctx("whoami").out());
    }

    @Test
    void nsList_printsATable() {
        api.answers("GET /v1/namespaces", 200, "{\"namespaces\":[" + Samples.NAMESPACE + "]}");

        assertEquals("""
                SLUG       ENTRIES  CREATED            NAME        DESCRIPTION
                myproject  3        2026-01-02 03:04Z  My Project  All of it
                """, shell.ctx("ns", "list").out());
    }

    @Test
    void nsCreate_sendsNameAndDescription() {
        api.answers("POST /v1/namespaces", 201, Samples.NAMESPACE);

        assertEquals(
                new Shell.Run(0, "Created myproject\n", ""),
                shell.ctx("ns", "create", "myproject", "-n", "My Project", "-d", "All of it"));
        assertEquals(
                "{\"slug\":\"myproject\",\"name\":\"My Project\",\"description\":\"All of it\"}",
                api.lastRequest().body());

        shell.ctx("ns", "create", "myproject");
        assertEquals(
                "{\"slug\":\"myproject\",\"name\":\"myproject\"}",
                api.lastRequest().body());
    }

    @Test
    void nsDelete_asksOnATerminalOnly() {
        api.answers("GET /v1/namespaces/myproject", 200, Samples.NAMESPACE);
        api.answers("DELETE /v1/namespaces/myproject", 200, "{\"deleted\":true,\"slug\":\"myproject\"}");

        assertEquals(new Shell.Run(0, "Deleted myproject\n", ""), shell.ctx("ns", "delete", "myproject"));

        shell.terminal = true;
        shell.environment.put("NO_COLOR", "1");
        shell.input = "no\n";
        var refused = shell.ctx("ns", "delete", "myproject");
        assertEquals(1, refused.exitCode());
        assertTrue(
                refused.err().startsWith("Delete myproject and erase its 3 entries? [y/N] error: Nothing was deleted."),
                refused.err());
        assertEquals("GET /v1/namespaces/myproject", api.lastRequest().route());

        shell.input = " Yes \n";
        assertEquals(
                "Deleted myproject\n", shell.ctx("ns", "delete", "myproject").out());
        shell.input = "";
        assertEquals(
                "Deleted myproject\n",
                shell.ctx("ns", "rm", "myproject", "--yes").out());
        assertEquals(1, shell.ctx("ns", "rm", "myproject").exitCode());
    }

    @Test
    void keysCreate_printsTheTokenAlone() {
        api.answers("POST /v1/account/keys", 201, "{\"api_key\":\"ctx_new\",\"key\":" + Samples.KEY + "}");

        var run = shell.ctx(
                "keys",
                "create",
                "ci",
                "--scopes",
                "read,write",
                "-n",
                "myproject",
                "--rate-limit",
                "10",
                "--expires-at",
                "2027-01-31");

        assertEquals(new Shell.Run(0, "ctx_new\n", "This is the only time the key is shown.\n"), run);
        assertEquals("""
                {"name":"ci","scopes":["read","write"],"namespaces":["myproject"],"rate_limit":10,\
                "expires_at":"2027-01-31T00:00:00.000Z"}""", api.lastRequest().body());
    }

    @Test
    void keysCreate_withoutBounds_mayDoEverything() {
        api.answers("POST /v1/account/keys", 201, "{\"api_key\":\"ctx_new\",\"key\":" + Samples.KEY + "}");

        shell.ctx("keys", "create", "all");

        assertEquals(
                "{\"name\":\"all\",\"scopes\":[\"admin\",\"delete\",\"read\",\"write\"],\"namespaces\":[]}",
                api.lastRequest().body());
        assertEquals(
                2, shell.ctx("keys", "create", "ci", "--expires-at", "tomorrow").exitCode());
        assertEquals(1, shell.ctx("keys", "create", "ci", "--scopes", "fly").exitCode());
        assertEquals(1, api.requests.size());
    }

    @Test
    void keysList_andRevoke() {
        api.answers("GET /v1/account/keys", 200, "{\"keys\":[" + Samples.KEY + "]}");
        api.answers("DELETE /v1/account/keys/" + Samples.ID, 200, "{\"deleted\":true,\"id\":\"" + Samples.ID + "\"}");

        assertEquals("""
                ID                                    PREFIX   NAME  SCOPES      NAMESPACES  LAST USED  EXPIRES
                01890a5d-ac96-774b-bcce-b302099a8057  ctx_abc  ci    read,write  all         never      2027-01-31 00:00Z
                """, shell.ctx("keys", "list").out());
        assertEquals(
                "Revoked " + Samples.ID + "\n",
                shell.ctx("keys", "revoke", Samples.ID).out());
        assertEquals(2, shell.ctx("keys", "revoke", "ctx_abc").exitCode());
    }

    @Test
    void signup_needsNoKey_andCanKeepTheOneItGets() throws Exception {
        shell.environment.remove("CTX_API_KEY");
        api.answers("POST /v1/signup", 201, "{\"api_key\":\"ctx_first\",\"account\":" + Samples.ACCOUNT + "}");

        var run = shell.ctx("signup", "admin@local", "--name", "Admin");

        assertEquals(0, run.exitCode());
        assertEquals("ctx_first\n", run.out());
        assertTrue(run.err().startsWith("Made the account admin@local, tier team.\n"), run.err());
        assertEquals(
                "{\"email\":\"admin@local\",\"name\":\"Admin\"}",
                api.lastRequest().body());
        assertEquals(null, api.lastRequest().authorization());
        Path file = home.resolve(".config/ctx/config.json");
        assertFalse(Files.exists(file));

        shell.ctx("signup", "admin@local", "--save");
        assertEquals("{\"api_url\":\"" + api.url() + "\",\"api_key\":\"ctx_first\"}", Files.readString(file));
    }

    @Test
    void accounts_areMadeListedAndMovedBesideTheServer() {
        var made = shell.ctx("accounts", "create", "a@b.c", "--name", "Ann", "--tier", "pro");
        assertEquals("ctx_first\n", made.out());
        assertTrue(made.err().startsWith("Made the account a@b.c, tier pro.\n"), made.err());
        assertTrue(shell.operatorClosed);

        assertEquals("""
                ID                                    EMAIL  TIER  CREATED            NAME
                01890a5d-ac96-774b-bcce-b302099a8057  a@b.c  pro   2026-01-02 03:04Z  Ann
                """, shell.ctx("accounts", "list").out());
        assertEquals(
                "a@b.c has tier free\n",
                shell.ctx("accounts", "tier", "a@b.c", "free").out());
        assertEquals(3, shell.ctx("accounts", "tier", "x@y.z", "free").exitCode());
        assertEquals(1, shell.ctx("accounts", "tier", "a@b.c", "gold").exitCode());
        assertEquals(List.of(), api.requests);
    }

    @Test
    void accounts_speakJson() {
        String account = """
                {"id":"%s","email":"a@b.c","name":null,"tier":"%s","created_at":"2026-01-02T03:04:05.006Z"}""";
        String team = account.formatted(Samples.ID, "team");

        var made = shell.ctx("accounts", "create", "a@b.c", "--json");
        assertEquals(new Shell.Run(0, "{\"api_key\":\"ctx_first\",\"account\":" + team + "}\n", ""), made);
        assertEquals(
                "{\"accounts\":[" + team + "]}\n",
                shell.ctx("accounts", "list", "--json").out());
        assertEquals(
                "{\"account\":" + account.formatted(Samples.ID, "pro") + "}\n",
                shell.ctx("accounts", "tier", "a@b.c", "pro", "--json").out());
    }
}
