package dev.ctxmem.http;

import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.memory.Accounts;

/// Making an account without having a key.
final class SignupRoutes {
    /// What the account of `curl -X POST …/v1/signup` is called.
    private static final String EMAIL_DEFAULT = "admin@localhost";

    private final Accounts accounts;

    SignupRoutes(Accounts accounts) {
        this.accounts = accounts;
    }

    Answer signup(Call call) {
        NewAccount draft = new NewAccount(EMAIL_DEFAULT, null);
        if (call.hasBody()) {
            Fields fields = call.fields();
            draft = new NewAccount(fields.string("email"), fields.optionalString("name"));
        }
        Accounts.Signup signup = accounts.signup(draft);
        var json = new JsonWriter().beginObject().member("api_key", signup.key().token());
        Wire.account(json.name("account"), signup.account());
        return Answer.created(json.endObject());
    }
}
