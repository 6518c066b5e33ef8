package dev.ctxmem.store.postgres;

import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.store.sql.TierLimit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// API keys. A revoked key stays as a row, for the versions that name it, and is found by nothing here.
final class KeyRows {
    private static final String COLUMNS = """
            select id, key_prefix, name, scopes, namespaces, rate_limit, last_used_at, expires_at, created_at,
                account_id, token_id, key_hash
            from api_keys
            """;

    private static final String BY_TOKEN_ID = COLUMNS + "where token_id = :token_id and revoked_at is null";

    private static final String BY_HASH = COLUMNS + """
            where lower(key_hash) = any (:hashes::text[]) and revoked_at is null
            order by created_at, id
            limit 1
            """;

    private static final String LIST =
            COLUMNS + "where account_id = :account and revoked_at is null order by created_at, id";

    private static final String COUNT = """
            select count(*)
            from api_keys
            where account_id = :account and revoked_at is null
            """;

    private static final String INSERT = """
            insert into api_keys (account_id, id, token_id, key_hash, key_prefix, name, scopes, namespaces,
                rate_limit, last_used_at, expires_at, created_at)
            values (:account, :id, :token_id, :hash, :prefix, :name, :scopes, :namespaces,
                :rate_limit, :last_used_at, :expires_at, :created_at)
            """;

    /// Those that are revoked, too.
    private static final String ALL = """
            select id, key_prefix, name, scopes, namespaces, rate_limit, last_used_at, expires_at, created_at,
                account_id, token_id, key_hash, revoked_at
            from api_keys
            where account_id = :account
            order by id
            """;

    private static final String RESTORE_REVOKED = """
            update api_keys
            set revoked_at = :revoked_at
            where account_id = :account and id = :id
            """;

    private static final String REVOKE = """
            update api_keys
            set revoked_at = date_trunc('milliseconds', :now)
            where account_id = :account and id = :id and revoked_at is null
            """;

    private static final String REPLACE_HASH = """
            update api_keys
            set key_hash = :to
            where id = :id and key_hash = :from
            """;

    static final String TOUCH = """
            update api_keys
            set last_used_at = :at
            where id = :id and (last_used_at is null or last_used_at < :at)
            """;

    private KeyRows() {}

    static @Nullable KeyRecord byTokenId(Session session, String tokenId) {
        return session.first(BY_TOKEN_ID, KeyRows::read, tokenId);
    }

    static @Nullable KeyRecord byHash(Session session, Collection<String> hashes) {
        String[] lower =
                hashes.stream().map(hash -> hash.toLowerCase(Locale.ROOT)).toArray(String[]::new);
        return session.first(BY_HASH, KeyRows::read, (Object) lower);
    }

    static List<ApiKey> list(Session session, UUID account) {
        return session.list(LIST, row -> read(row).key(), account);
    }

    static boolean add(Session session, KeyRecord key) {
        AccountRows.lock(session, key.account());
        var quota = new Quota(session.number(COUNT, key.account()), Limits.KEYS_PER_ACCOUNT_MAX);
        if (!quota.allows(1)) {
            throw TierLimit.reached("keys", quota);
        }
        insert(session, key);
        return true;
    }

    static void insert(Session session, KeyRecord record) {
        ApiKey key = record.key();
        session.update(
                INSERT,
                record.account(),
                key.id(),
                record.tokenId(),
                record.hash(),
                key.prefix(),
                key.name(),
                key.scopes().stream().map(Scope::wireName).sorted().toArray(String[]::new),
                key.namespaces().stream().sorted().toArray(String[]::new),
                key.rateLimit(),
                key.lastUsedAt(),
                key.expiresAt(),
                key.createdAt());
    }

    /// All keys of an account by id, those that are revoked too.
    static List<ArchiveItem.OfKey> all(Session session, UUID account) {
        return session.list(ALL, row -> new ArchiveItem.OfKey(read(row), row.instantOrNull()), account);
    }

    /// As [#insert], whatever the limit.
    static void restore(Session session, ArchiveItem.OfKey item) {
        insert(session, item.key());
        if (item.revokedAt() != null) {
            session.update(
                    RESTORE_REVOKED,
                    item.revokedAt(),
                    item.key().account(),
                    item.key().key().id());
        }
    }

    static boolean revoke(Session session, UUID account, UUID id) {
        if (session.update(REVOKE, account, id) == 0) {
            throw MemoryException.notFound("Key");
        }
        return true;
    }

    static boolean replaceHash(Session session, UUID id, String from, String to) {
        return session.update(REPLACE_HASH, to, id, from) > 0;
    }

    private static KeyRecord read(Row row) {
        var key = new ApiKey(
                row.uuid(),
                row.text(),
                row.text(),
                row.texts().stream().map(Scope::named).collect(Collectors.toUnmodifiableSet()),
                Set.copyOf(row.texts()),
                integer(row.numberOrNull()),
                row.instantOrNull(),
                row.instantOrNull(),
                row.instant());
        return new KeyRecord(key, row.uuid(), row.textOrNull(), row.text());
    }

    private static @Nullable Integer integer(@Nullable Long number) {
        return number == null ? null : (Integer) number.intValue();
    }
}
