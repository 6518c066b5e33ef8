package dev.ctxmem.store.postgres;

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
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Accounts with their counters, and the settings that all instances share.
final class AccountRows {
    private static final String COLUMNS = "select id, email, name, tier, created_at from accounts ";
    private static final String GET = COLUMNS + "where id = :id";
    private static final String LIST = COLUMNS + "order by created_at, id";

    private static final String LOCK = """
            select id
            from accounts
            where id = :id
            for no key update
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
            select a.id, :month, :requests
            from accounts a
            where a.id = :account
            on conflict (account_id, month) do update set requests = usage.requests + excluded.requests
            """;

    /// An entry that has expired is counted in `account_state` until it is purged; what is shown does not count it.
    private static final String COUNTS = """
            select coalesce(s.namespaces, 0),
                coalesce(s.entries, 0) - (
                    select count(*)
                    from entries e
                    where e.account_id = :account and e.state = 'live' and e.expires_at <= :now),
                coalesce((select u.requests from usage u where u.account_id = :account and u.month = :month), 0)
            from accounts a
            left join account_state s on s.account_id = a.id
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

    /// Waits for another one who is just putting it there.
    private static final String PUT_SETTING_IF_ABSENT = """
            insert into settings (name, value)
            values (:name, :value)
            on conflict (name) do nothing
            """;

    /// An account that was inserted by hand counts, too.
    private static final String IS_CLAIMED = """
            select exists (select 1 from settings where name = :name)
                or exists (select 1 from accounts where email <> :local)
            """;

    /// The setting that says that the server has had its first account. It outlives the account.
    private static final String CLAIMED = "signup.claimed";

    private AccountRows() {}

    static boolean create(Session session, Account account, KeyRecord key, boolean onlyFirst) {
        boolean claimed =
                Objects.requireNonNull(session.first(IS_CLAIMED, Row::flag, CLAIMED, AccountStore.LOCAL_EMAIL));
        if (!account.email().equals(AccountStore.LOCAL_EMAIL)) {
            String at = account.createdAt().toString();
            claimed |= session.update(PUT_SETTING_IF_ABSENT, CLAIMED, at) == 0;
        }
        if (onlyFirst && claimed) {
            throw new MemoryException(ErrorCode.SIGNUP_CLOSED, "This server has its account already.");
        }
        session.update(
                INSERT,
                account.id(),
                account.email(),
                account.name(),
                account.tier().wireName(),
                account.createdAt());
        KeyRows.insert(session, key);
        return true;
    }

    static @Nullable Account get(Session session, UUID id) {
        return session.first(GET, AccountRows::read, id);
    }

    static List<Account> list(Session session) {
        return session.list(LIST, AccountRows::read);
    }

    /// Until the end of the transaction nobody else changes the account or its keys. NOT_FOUND.
    static void lock(Session session, UUID id) {
        if (session.first(LOCK, Row::uuid, id) == null) {
            throw MemoryException.notFound("Account");
        }
    }

    static boolean setTier(Session session, UUID id, Tier tier) {
        if (session.update(SET_TIER, tier.wireName(), id) == 0) {
            throw MemoryException.notFound("Account");
        }
        return true;
    }

    /// In the order of ids: two instances that count the same accounts then never wait for each other in a circle.
    static boolean recordUse(Session session, Map<UUID, Instant> lastUsed, Map<UUID, Long> requests, YearMonth month) {
        var script = new Script();
        lastUsed.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(used -> script.update(KeyRows.TOUCH, used.getValue(), used.getKey()));
        requests.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(count -> script.update(ADD_REQUESTS, month.toString(), count.getValue(), count.getKey()));
        if (!script.steps().isEmpty()) {
            session.run(script);
        }
        return true;
    }

    static Counts counts(Session session, UUID account, YearMonth month) {
        Counts counts = session.first(
                COUNTS, row -> new Counts(row.number(), row.number(), row.number()), account, month.toString());
        return counts == null ? new Counts(0, 0, 0) : counts;
    }

    static @Nullable String setting(Session session, String name) {
        return session.first(SETTING, Row::text, name);
    }

    static String settingOrElse(Session session, String name, String value) {
        session.update(PUT_SETTING_IF_ABSENT, name, value);
        return Objects.requireNonNull(setting(session, name));
    }

    static boolean putSetting(Session session, String name, String value) {
        return session.update(PUT_SETTING, name, value) > 0;
    }

    private static Account read(Row row) {
        return new Account(row.uuid(), row.text(), row.textOrNull(), Tier.named(row.text()), row.instant());
    }
}
