package dev.ctxmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.Tier;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OperatorClientTest {
    private static final String ACCOUNT = """
            {"id":"01890a5d-ac96-774b-bcce-b302099a8057","email":"a@b.c","name":null,"tier":"pro",
             "created_at":"2026-01-02T03:04:05.006Z"}""";

    private final CannedServer canned = new CannedServer();
    private final OperatorClient operator = new OperatorClient(Endpoint.at(canned.url()), "ctxop_secret");

    @AfterEach
    void close() {
        operator.close();
        canned.close();
    }

    @Test
    void createAccount_asksWithTheOperatorsKey() {
        canned.answers(201, "{\"api_key\":\"ctx_first\",\"account\":" + ACCOUNT + "}");
        canned.answers(201, "{\"api_key\":\"ctx_second\",\"account\":" + ACCOUNT + "}");

        assertEquals(
                "ctx_first",
                operator.createAccount(new NewAccount("a@b.c", "Ann"), Tier.PRO).apiKey());
        assertEquals(
                "ctx_second",
                operator.createAccount(new NewAccount("a@b.c", null), null).apiKey());

        var request = canned.requests.getFirst();
        assertEquals("POST /v1/operator/accounts", request.method() + " " + request.target());
        assertEquals("Bearer ctxop_secret", request.header("Authorization"));
        assertEquals("{\"email\":\"a@b.c\",\"name\":\"Ann\",\"tier\":\"pro\"}", request.body());
        assertEquals("{\"email\":\"a@b.c\"}", canned.requests.getLast().body());
    }

    @Test
    void accounts_readsThemInTheirOrder() {
        canned.answers(200, "{\"accounts\":[" + ACCOUNT + "," + ACCOUNT.replace("a@b.c", "d@e.f") + "]}");

        assertEquals(
                List.of("a@b.c", "d@e.f"),
                operator.accounts().stream().map(account -> account.email()).toList());
    }

    @Test
    void setTier_addressesTheAccountByItsEncodedName() {
        canned.answers(200, "{\"account\":" + ACCOUNT + "}");

        assertEquals(Tier.PRO, operator.setTier("a@b.c", Tier.PRO).tier());

        var request = canned.onlyRequest();
        assertEquals("PUT /v1/operator/accounts/a%40b.c", request.method() + " " + request.target());
        assertEquals("{\"tier\":\"pro\"}", request.body());
    }

    @Test
    void setTier_ofWhatWouldChangeThePath_isNotFound() {
        var missing = assertThrows(MemoryException.class, () -> operator.setTier("..", Tier.PRO));

        assertEquals(ErrorCode.NOT_FOUND, missing.code());
        assertEquals(List.of(), canned.requests);
    }
}
