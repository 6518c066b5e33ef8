package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.store.sql.TierLimit;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// API keys. A revoked key stays as a row, for the versions that name it, and is found by nothing here.
final class KeyRows {
    private static final String COLUMNS = """
            select id, prefix, name, scopes, namespaces, rate_limit, last_used_at, expires_at, created_at, account_id,
                token_id, hash
            from api_keys
            """;

    private static final String BY_TOKEN_ID = COLUMNS + "where token_id = :token_id and revoked_at is null";

    private static final String BY_HASH = COLUMNS + """
            where hash in (select value from json_each(:hashes)) and revoked_at is null
            order by created_at, id
            limit 1
            """;

    private static final String LIST =
            COLUMNS + "where account_id = :account and revoked_at is null order by created_at, id";

    private static final String ALL = """
            select id, prefix, name, scopes, namespaces, rate_limit, last_used_at, expires_at, created_at, account_id,
                token_id, hash, revoked_at
            from api_keys
            where account_id = :account
            order by id
            """;

    private static final String RESTORE_REVOKED = "update api_keys set revoked_at = :at where id = :id";

    private static final String COUNT = """
            select count(*)
            from api_keys
            where account_id = :account and revoked_at is null
            """;

    private static final String INSERT = """
            insert into api_keys (account_id, id, token_id, hash, prefix, name, scopes, namespaces, rate_limit,
                last_used_at, expires_at, created_at)
            values (:account, :id, :token_id, :hash, :prefix, :name, :scopes, :namespaces, :rate_limit,
                :last_used_at, :expires_at, :created_at)
            """;

    private static final String REVOKE = """
            update api_keys
            set revoked_at = :now
            where account_id = :account and id = :id and revoked_at is null
            """;

    private static final String REPLACE_HASH = """
            update api_keys
            set hash = :to
            where id = :id and hash = :from
            """;

    private static final String TOUCH = """
            update api_keys
            set last_used_at = :at
            where id = :id and (last_used_at is null or last_used_at < :at)
            """;

    private KeyRows() {}

    static @Nullable KeyRecord byTokenId(Session session, String tokenId) {
        return session.first(BY_TOKEN_ID, KeyRows::read, tokenId);
    }

    static @Nullable KeyRecord byHash(Session session, Collection<String> hashes) {
        return session.first(BY_HASH, KeyRows::read, json(List.copyOf(hashes)));
    }

    static List<ApiKey> list(Session session, UUID account) {
        return session.list(LIST, row -> read(row).key(), account);
    }

    static void add(Transaction transaction, KeyRecord key) {
        AccountRows.requireExisting(transaction, key.account());
        var quota = new Quota(transaction.number(COUNT, key.account()), Limits.KEYS_PER_ACCOUNT_MAX);
        if (!quota.allows(1)) {
            throw TierLimit.reached("keys", quota);
        }
        insert(transaction, key);
    }

    static void insert(Transaction transaction, KeyRecord record) {
        ApiKey key = record.key();
        transaction.update(
                INSERT,
                record.account(),
                key.id(),
                record.tokenId(),
                record.hash(),
                key.prefix(),
                key.name(),
                json(key.scopes().stream().map(Scope::wireName).sorted().toList()),
                json(key.namespaces().stream().sorted().toList()),
                key.rateLimit(),
                millis(key.lastUsedAt()),
                millis(key.expiresAt()),
                millis(key.createdAt()));
    }

    /// All keys of an account by id, those that are revoked too, each with when that was.
    static void each(Session session, UUID account, BiConsumer<KeyRecord, @Nullable Instant> consumer) {
        session.each(ALL, row -> consumer.accept(read(row), row.instantOrNull()), account);
    }

    /// As [#insert], whatever the limit.
    static void restore(Transaction transaction, KeyRecord record, @Nullable Instant revokedAt) {
        insert(transaction, record);
        if (revokedAt != null) {
            transaction.update(
                    RESTORE_REVOKED, revokedAt.toEpochMilli(), record.key().id());
        }
    }

    static void revoke(Transaction transaction, UUID account, UUID id) {
        if (transaction.update(REVOKE, transaction.now(), account, id) == 0) {
            throw new MemoryException(ErrorCode.NOT_FOUND, "Key not found.");
        }
    }

    static void replaceHash(Transaction transaction, UUID id, String from, String to) {
        transaction.update(REPLACE_HASH, to, id, from);
    }

    static void touch(Transaction transaction, UUID id, Instant at) {
        transaction.update(TOUCH, at.toEpochMilli(), id);
    }

    private static KeyRecord read(Row row) {
        var key = new ApiKey(
                row.uuid(),
                row.text(),
                row.text(),
                strings(row.text()).stream().map(Scope::named).collect(Collectors.toUnmodifiableSet()),
                Set.copyOf(strings(row.text())),
                integer(row.numberOrNull()),
                row.instantOrNull(),
                row.instantOrNull(),
                row.instant());
        return new KeyRecord(key, row.uuid(), row.textOrNull(), row.text());
    }

    private static String json(List<String> strings) {
        return new JsonWriter().value(strings).toString();
    }

    private static List<String> strings(String json) {
        return Json.stored(json).elements().stream().map(Json::asString).toList();
    }

    private static @Nullable Integer integer(@Nullable Long number) {
        return number == null ? null : (Integer) number.intValue();
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : (Long) instant.toEpochMilli();
    }
}
