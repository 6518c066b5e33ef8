package dev.ctxmem.http;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.Accounts;
import io.helidon.http.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// `/v1/operator`: what only the one who runs the server may do. The key is made anew at every start and never
/// leaves the machine; no API key of an account works here.
final class OperatorRoutes {
    private final Accounts accounts;
    private final byte[] key;

    OperatorRoutes(Accounts accounts, String key) {
        this.accounts = accounts;
        this.key = key.getBytes(StandardCharsets.UTF_8);
    }

    /// INVALID_API_KEY.
    void requireAllowed(Headers headers) {
        String bearer = Authentication.bearerOf(headers);
        if (bearer == null || !MessageDigest.isEqual(key, bearer.getBytes(StandardCharsets.UTF_8))) {
            throw new MemoryException(ErrorCode.INVALID_API_KEY, "The operator's key is missing or wrong.");
        }
    }

    Answer createAccount(Call call) {
        Fields fields = call.fields();
        var draft = new NewAccount(fields.string("email"), fields.optionalString("name"));
        String tier = fields.optionalString("tier");
        Accounts.Signup made = accounts.create(draft, tier == null ? null : Tier.named(tier));
        var json = new JsonWriter().beginObject().member("api_key", made.key().token());
        Wire.account(json.name("account"), made.account());
        return Answer.created(json.endObject());
    }

    Answer listAccounts(Call call) {
        var json = new JsonWriter().beginObject().name("accounts").beginArray();
        for (Account account : accounts.all()) {
            Wire.account(json, account);
        }
        return Answer.ok(json.endArray().endObject());
    }

    Answer setTier(Call call) {
        Account moved = accounts.setTier(call.part(0), Tier.named(call.fields().string("tier")));
        var json = new JsonWriter().beginObject();
        Wire.account(json.name("account"), moved);
        return Answer.ok(json.endObject());
    }
}
