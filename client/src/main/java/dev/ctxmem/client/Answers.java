package dev.ctxmem.client;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.AccountUsage;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryPage;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.HistoryPage;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.IssuedKey;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.SearchResults;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.core.Tier;
import java.time.DateTimeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The records of the core, read from the server's answers.
final class Answers {
    private Answers() {}

    /// Applies one of the readers below; UNREACHABLE when the answer is not of that shape, since then something
    /// else than a Context Memory server has answered.
    static <T> T read(Json body, Function<Fields, T> reader) {
        try {
            return reader.apply(Fields.of(body));
        } catch (IllegalArgumentException | DateTimeException | MemoryException e) {
            throw new MemoryException(
                    ErrorCode.UNREACHABLE, "The answer is not one of Context Memory: " + e.getMessage() + ".", e);
        }
    }

    static Namespace namespace(Fields in) {
        return new Namespace(
                in.id("id"),
                in.string("slug"),
                in.string("name"),
                in.optionalString("description"),
                in.whole("entry_count"),
                in.time("created_at"),
                in.time("updated_at"));
    }

    static List<Namespace> namespaces(Fields in) {
        return in.objects("namespaces").stream().map(Answers::namespace).toList();
    }

    static Entry entry(Fields in) {
        return new Entry(
                in.id("id"),
                in.string("key"),
                in.json("value"),
                in.string("namespace"),
                in.strings("tags"),
                in.json("metadata"),
                in.fraction("importance"),
                in.optionalWhole("ttl_seconds"),
                in.optionalTime("expires_at"),
                in.whole("version"),
                in.time("created_at"),
                in.time("updated_at"),
                EmbeddingState.named(in.string("embedding")));
    }

    static EntryPage entryPage(Fields in) {
        return new EntryPage(
                in.objects("entries").stream().map(Answers::entry).toList(), in.optionalString("next_cursor"));
    }

    static DeletedEntry deletedEntry(Fields in, long revision) {
        return new DeletedEntry(in.id("id"), in.string("key"), revision);
    }

    static HistoryPage historyPage(Fields in) {
        return new HistoryPage(
                in.objects("history").stream().map(Answers::entryVersion).toList(), in.optionalString("next_cursor"));
    }

    private static EntryVersion entryVersion(Fields in) {
        return new EntryVersion(
                in.whole("version"),
                in.json("value"),
                in.strings("tags"),
                in.json("metadata"),
                in.fraction("importance"),
                in.optionalWhole("ttl_seconds"),
                in.time("changed_at"),
                in.isTrue("deleted"),
                in.optionalId("key_id"),
                in.optionalString("request_id"));
    }

    static SearchResults searchResults(Fields in) {
        return new SearchResults(
                in.string("query"),
                in.objects("results").stream().map(Answers::hit).toList());
    }

    private static Hit hit(Fields in) {
        return new Hit(entry(in), in.fraction("similarity"), explanation(in.optionalObject("explanation")));
    }

    private static @Nullable Explanation explanation(@Nullable Fields in) {
        return in == null
                ? null
                : new Explanation(
                        in.fraction("bias"),
                        in.objects("factors").stream().map(Answers::factor).toList(),
                        in.optionalFraction("cosine"));
    }

    private static Explanation.Factor factor(Fields in) {
        return new Explanation.Factor(in.string("name"), in.fraction("value"), in.fraction("weight"));
    }

    static AccountUsage accountUsage(Fields in) {
        Fields usage = in.object("usage");
        return new AccountUsage(
                account(in.object("account")),
                quota(usage.object("namespaces")),
                quota(usage.object("entries")),
                quota(usage.object("requests")));
    }

    static List<Account> accounts(Fields in) {
        return in.objects("accounts").stream().map(Answers::account).toList();
    }

    static Account account(Fields in) {
        return new Account(
                in.id("id"),
                in.string("email"),
                in.optionalString("name"),
                Tier.named(in.string("tier")),
                in.time("created_at"));
    }

    private static Quota quota(Fields in) {
        return new Quota(in.whole("current"), in.whole("limit"));
    }

    static List<ApiKey> apiKeys(Fields in) {
        return in.objects("keys").stream().map(Answers::apiKey).toList();
    }

    private static ApiKey apiKey(Fields in) {
        Long rateLimit = in.optionalWhole("rate_limit");
        return new ApiKey(
                in.id("id"),
                in.string("key_prefix"),
                in.string("name"),
                in.strings("scopes").stream().map(Scope::named).collect(Collectors.toSet()),
                Set.copyOf(in.strings("namespaces")),
                rateLimit == null ? null : Math.toIntExact(rateLimit),
                in.optionalTime("last_used_at"),
                in.optionalTime("expires_at"),
                in.time("created_at"));
    }

    static IssuedKey issuedKey(Fields in) {
        return new IssuedKey(apiKey(in.object("key")), in.string("api_key"));
    }

    static SignedUp signedUp(Fields in) {
        return new SignedUp(account(in.object("account")), in.string("api_key"));
    }

    static TaskStatus task(Fields in) {
        Fields task = in.object("task");
        var counts = new LinkedHashMap<String, Long>();
        task.object("counts").members().forEach((name, value) -> counts.put(name, Long.valueOf(value.text())));
        String code = task.optionalString("code");
        return new TaskStatus(
                task.id("id"),
                task.string("task"),
                TaskStatus.State.valueOf(task.string("state").toUpperCase(Locale.ROOT)),
                task.string("step"),
                task.whole("done"),
                task.whole("total"),
                counts,
                task.strings("notes"),
                code == null ? null : ErrorCode.named(code).orElse(ErrorCode.INTERNAL),
                task.optionalString("detail"));
    }

    static Health health(Fields in) {
        return new Health(in.string("version"), in.time("timestamp"));
    }
}
