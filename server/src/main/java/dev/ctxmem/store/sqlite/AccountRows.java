package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.AccountStore.Counts;
import dev.ctxmem.memory.KeyRecord;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Accounts with their counters, and the server's settings.
final class AccountRows {
    private static final String COLUMNS = "select id, email, name, tier, created_at from accounts ";
    private static final String GET = COLUMNS + "where id = :id";
    private static final String LIST = COLUMNS + "order by created_at, id";

    private static final String OTHERS = """
            select count(*)
            from accounts
            where email <> :email or revision > 0 or namespaces > 0
            """;

    private static final String INSERT = """
            insert into accounts (id, email, name, tier, created_at)
            values (:id, :email, :name, :tier, :created_at)
            """;

    private static final String SET_TIER = """
            update accounts
            set tier = :tier
            where id = :id
            """;

    private static final String ADD_REQUESTS = """
            insert into usage (account_id, month, requests)
            select id, :month, :requests
            from accounts
            where id = :account
            on conflict (account_id, month) do update set requests = requests + excluded.requests
            """;

    /// An entry that has expired is counted in `accounts` until it is purged; what is shown does not count it.
    private static final String COUNTS = """
            select a.namespaces,
                a.entries - (
                    select count(*)
                    from namespaces n
                    cross join entries e indexed by entries_expiring
                    where n.account_id = a.id and e.namespace_id = n.row_id and e.state = 0 and e.expires_at <= :now),
                coalesce((select u.requests from usage u where u.account_id = a.id and u.month = :month), 0)
            from accounts a
            where a.id = :account
            """;

    private static final String SETTING = """
            select value
            from settings
            where name = :name
            """;

    private static final String PUT_SETTING = """
            insert into settings (name, value)
            values (:name, :value)
            on conflict (name) do update set value = excluded.value
            """;

    /// The setting that says that the server has had its first account. It outlives the account.
    private static final String CLAIMED = "signup.claimed";

    private AccountRows() {}

    static void create(Transaction transaction, Account account, KeyRecord key, boolean onlyFirst) {
        boolean claimed = setting(transaction, CLAIMED) != null;
        if (onlyFirst && claimed) {
            throw new MemoryException(ErrorCode.SIGNUP_CLOSED, "This server has its account already.");
        }
        transaction.update(
                INSERT,
                account.id(),
                account.email(),
                account.name(),
                account.tier().wireName(),
                account.createdAt().toEpochMilli());
        KeyRows.insert(transaction, key);
        if (!claimed && !account.email().equals(AccountStore.LOCAL_EMAIL)) {
            putSetting(transaction, CLAIMED, account.createdAt().toString());
        }
    }

    static @Nullable Account get(Session session, UUID id) {
        return session.first(GET, AccountRows::read, id);
    }

    static List<Account> list(Session session) {
        return session.list(LIST, AccountRows::read);
    }

    /// Whether there is no account but a local one that has never held anything.
    static boolean isEmpty(Session session) {
        return session.number(OTHERS, AccountStore.LOCAL_EMAIL) == 0;
    }

    /// NOT_FOUND.
    static void requireExisting(Transaction transaction, UUID id) {
        if (transaction.first(GET, AccountRows::read, id) == null) {
            throw MemoryException.notFound("Account");
        }
    }

    static void setTier(Transaction transaction, UUID id, Tier tier) {
        requireExisting(transaction, id);
        transaction.update(SET_TIER, tier.wireName(), id);
    }

    static void recordUse(
            Transaction transaction, Map<UUID, Instant> lastUsed, Map<UUID, Long> requests, YearMonth month) {
        lastUsed.forEach((key, at) -> KeyRows.touch(transaction, key, at));
        requests.forEach((account, count) -> transaction.update(ADD_REQUESTS, month.toString(), count, account));
    }

    static Counts counts(Session session, UUID account, YearMonth month, long now) {
        Counts counts = session.first(
                COUNTS, row -> new Counts(row.number(), row.number(), row.number()), now, month.toString(), account);
        return counts == null ? new Counts(0, 0, 0) : counts;
    }

    static @Nullable String setting(Session session, String name) {
        return session.first(SETTING, Row::text, name);
    }

    static String settingOrElse(Transaction transaction, String name, String value) {
        String present = setting(transaction, name);
        if (present != null) {
            return present;
        }
        putSetting(transaction, name, value);
        return value;
    }

    static void putSetting(Transaction transaction, String name, String value) {
        transaction.update(PUT_SETTING, name, value);
    }

    private static @Nullable String setting(Transaction transaction, String name) {
        return transaction.first(SETTING, Row::text, name);
    }

    private static Account read(Row row) {
        return new Account(row.uuid(), row.text(), row.textOrNull(), Tier.named(row.text()), row.instant());
    }
}
