package dev.ctxmem.http;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.Accounts;
import dev.ctxmem.memory.StoreTasks;
import io.helidon.http.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.UUID;

/// `/v1/operator`: what only the one who runs the server may do. The key is made anew at every start and never
/// leaves the machine; no API key of an account works here.
final class OperatorRoutes {
    private final Accounts accounts;
    private final StoreTasks tasks;
    private final byte[] key;

    OperatorRoutes(Accounts accounts, StoreTasks tasks, String key) {
        this.accounts = accounts;
        this.tasks = tasks;
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

    /// It goes on behind the answer.
    Answer startTask(Call call) {
        return answer(202, tasks.start(StoreTask.parse(Json.parseBody(call.body()))));
    }

    Answer task(Call call) {
        try {
            return answer(200, tasks.status(UUID.fromString(call.part(0))));
        } catch (IllegalArgumentException e) {
            throw MemoryException.notFound("Task");
        }
    }

    private static Answer answer(int status, TaskStatus task) {
        JsonWriter json = new JsonWriter().beginObject().name("task");
        return new Answer(status, Answer.JSON, task.writeTo(json).endObject().toUtf8(), List.of());
    }

    Answer setTier(Call call) {
        Account moved = accounts.setTier(call.part(0), Tier.named(call.fields().string("tier")));
        var json = new JsonWriter().beginObject();
        Wire.account(json.name("account"), moved);
        return Answer.ok(json.endObject());
    }
}
