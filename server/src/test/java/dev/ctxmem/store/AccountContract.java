package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.AccountStore.Counts;
import dev.ctxmem.memory.KeyRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Accounts, keys, counters and settings.
abstract class AccountContract extends StoreTopic {
    private static final YearMonth MONTH = YearMonth.of(2026, 1);

    AccountContract(StoreUnderTest store) {
        super(store);
    }

    private Account account(String email) {
        return new Account(UUID.randomUUID(), email, "A name", Tier.FREE, clock.instant());
    }

    @Test
    void createAccount_storesTheAccountAndItsKey() {
        Account account = account("carol@example.com");
        KeyRecord key = key(account.id(), "first");

        accounts.createAccount(account, key, false);

        assertEquals(Optional.of(account), accounts.account(account.id()));
        assertEquals(List.of(key.key()), accounts.keys(account.id()));
        assertEquals(Optional.of(key), accounts.keyByTokenId(String.valueOf(key.tokenId())));
    }

    @Test
    void account_isEmptyForAnUnknownId() {
        assertEquals(Optional.empty(), accounts.account(UUID.randomUUID()));
    }

    @Test
    void accounts_areOldestFirst() {
        clock.advance(Duration.ofSeconds(1));
        Account later = account("later@example.com");
        accounts.createAccount(later, key(later.id(), "k"), false);
        clock.advance(Duration.ofSeconds(-10));
        Account earlier = account("earlier@example.com");
        accounts.createAccount(earlier, key(earlier.id(), "k"), false);

        List<String> emails = accounts.accounts().stream().map(Account::email).toList();

        assertEquals("earlier@example.com", emails.getFirst());
        assertEquals("later@example.com", emails.getLast());
        assertEquals(4, emails.size());
    }

    @Test
    void setTier_movesAnAccount() {
        accounts.setTier(alice.account(), Tier.PRO);

        assertEquals(Tier.PRO, accounts.account(alice.account()).orElseThrow().tier());
        assertEquals(Tier.TEAM, accounts.account(bob.account()).orElseThrow().tier());
        assertFails(ErrorCode.NOT_FOUND, () -> accounts.setTier(UUID.randomUUID(), Tier.PRO));
    }

    @Test
    void aKey_comesBackAsItWas() {
        var key = new ApiKey(
                UUID.randomUUID(),
                "ctx_abc",
                "reader \"one\"",
                Set.of(Scope.READ, Scope.DELETE),
                Set.of("notes", "plans"),
                42,
                START.minusSeconds(5),
                START.plusSeconds(5),
                START);
        var record = new KeyRecord(key, alice.account(), "tokenA", "abcdef0123");

        accounts.addKey(record);

        assertEquals(Optional.of(record), accounts.keyByTokenId("tokenA"));
        assertEquals(Optional.of(record), accounts.keyByHash(List.of("abcdef0123")));
        assertEquals(
                Optional.of(key),
                accounts.keys(alice.account()).stream().filter(key::equals).findFirst());
    }

    @Test
    void keyByHash_ignoresTheCaseOfHex_andTriesEachHash() {
        KeyRecord handMade = handMade("00aaBBff");
        accounts.addKey(handMade);

        assertEquals(
                handMade.key().id(),
                accounts.keyByHash(List.of("no", "00AAbbFF"))
                        .orElseThrow()
                        .key()
                        .id());
        assertEquals(Optional.empty(), accounts.keyByHash(List.of("00aa")));
        assertEquals(Optional.empty(), accounts.keyByHash(List.of()));
    }

    @Test
    void keyByTokenId_isCaseSensitive() {
        KeyRecord key = key(alice.account(), "second");
        accounts.addKey(key);

        assertEquals(
                Optional.empty(),
                accounts.keyByTokenId(String.valueOf(key.tokenId()).toUpperCase(Locale.ROOT)));
    }

    @Test
    void anExpiredKey_isStillFound() {
        var key = new ApiKey(
                UUID.randomUUID(), "ctx_", "old", Scope.all(), Set.of(), null, null, START.minusSeconds(1), START);
        accounts.addKey(new KeyRecord(key, alice.account(), "tokenB", "hashB"));

        assertEquals(key, accounts.keyByTokenId("tokenB").orElseThrow().key());
    }

    @Test
    void keys_areOldestFirst() {
        for (int i = 1; i <= 3; i++) {
            clock.advance(Duration.ofSeconds(1));
            accounts.addKey(key(alice.account(), "key " + i));
        }

        assertEquals(
                List.of("first", "key 1", "key 2", "key 3"),
                accounts.keys(alice.account()).stream().map(ApiKey::name).toList());
    }

    @Test
    void addKey_refusesAnUnknownAccount() {
        assertFails(ErrorCode.NOT_FOUND, () -> accounts.addKey(key(UUID.randomUUID(), "k")));
    }

    @Test
    void addKey_stopsAtTheLimit_andRevokedOnesDoNotCount() {
        together(Limits.KEYS_PER_ACCOUNT_MAX - 1, i -> {
            accounts.addKey(key(alice.account(), "k" + i));
            return true;
        });

        assertFails(ErrorCode.TIER_LIMIT_REACHED, () -> accounts.addKey(key(alice.account(), "one more")));
        accounts.revokeKey(alice.account(), alice.key());
        accounts.addKey(key(alice.account(), "one more"));
        assertEquals(Limits.KEYS_PER_ACCOUNT_MAX, accounts.keys(alice.account()).size());
    }

    @Test
    void revokeKey_hidesTheKeyFromEverything() {
        KeyRecord key = key(alice.account(), "second");
        accounts.addKey(key);

        accounts.revokeKey(alice.account(), key.key().id());

        assertEquals(Optional.empty(), accounts.keyByTokenId(String.valueOf(key.tokenId())));
        assertEquals(Optional.empty(), accounts.keyByHash(List.of(key.hash())));
        assertEquals(1, accounts.keys(alice.account()).size());
        assertFails(
                ErrorCode.NOT_FOUND,
                () -> accounts.revokeKey(alice.account(), key.key().id()));
        assertFails(ErrorCode.NOT_FOUND, () -> accounts.revokeKey(alice.account(), UUID.randomUUID()));
    }

    @Test
    void replaceHash_worksWhileTheHashIsTheOldOne_andChangesNothingElse() {
        KeyRecord key = handMade("aa11");
        accounts.addKey(key);

        accounts.replaceHash(key.key().id(), "other", "bb22");
        assertEquals(Optional.of(key), accounts.keyByHash(List.of("aa11")));
        accounts.replaceHash(key.key().id(), "aa11", "bb22");

        assertEquals(Optional.empty(), accounts.keyByHash(List.of("aa11")));
        assertEquals(
                Optional.of(new KeyRecord(key.key(), key.account(), null, "bb22")),
                accounts.keyByHash(List.of("bb22")));
    }

    @Test
    void replaceHash_doesNotReviveARevokedKey() {
        KeyRecord key = handMade("aa11");
        accounts.addKey(key);
        accounts.revokeKey(alice.account(), key.key().id());

        accounts.replaceHash(key.key().id(), "aa11", "bb22");

        assertEquals(Optional.empty(), accounts.keyByHash(List.of("aa11", "bb22")));
    }

    @Test
    void recordUse_addsToTheCounters() {
        Instant used = START.plusSeconds(7);
        accounts.recordUse(Map.of(alice.key(), used), Map.of(alice.account(), 5L, bob.account(), 1L), MONTH);
        accounts.recordUse(
                Map.of(alice.key(), START, UUID.randomUUID(), START),
                Map.of(alice.account(), 2L, UUID.randomUUID(), 9L),
                MONTH);
        accounts.recordUse(Map.of(), Map.of(alice.account(), 100L), MONTH.plusMonths(1));

        assertEquals(7, accounts.counts(alice.account(), MONTH).requests());
        assertEquals(1, accounts.counts(bob.account(), MONTH).requests());
        assertEquals(100, accounts.counts(alice.account(), MONTH.plusMonths(1)).requests());
        assertEquals(used, accounts.keys(alice.account()).getFirst().lastUsedAt());
    }

    @Test
    void counts_sayWhereTheAccountStands() {
        memories.createNamespace(alice, NewNamespace.of("second"), UNLIMITED);
        put("a", "v");
        put("b", "v");
        memories.delete(alice, NOTES, "a");

        assertEquals(new Counts(2, 1, 0), accounts.counts(alice.account(), MONTH));
        assertEquals(new Counts(0, 0, 0), accounts.counts(bob.account(), MONTH));
        assertEquals(new Counts(0, 0, 0), accounts.counts(UUID.randomUUID(), MONTH));
    }

    @Test
    void settings_areKept() {
        assertEquals(Optional.empty(), accounts.setting("a"));
        assertEquals("1", accounts.settingOrElse("a", "1"));
        assertEquals("1", accounts.settingOrElse("a", "2"));
        accounts.putSetting("a", "3");
        assertEquals(Optional.of("3"), accounts.setting("a"));
        assertEquals(Optional.empty(), accounts.setting("A"));
    }

    @Test
    void settingOrElse_givesEveryoneTheSame() {
        var outcomes = together(50, i -> accounts.settingOrElse("pepper", "value " + i));

        assertEquals(1, outcomes.stream().distinct().count());
        assertEquals(
                accounts.setting("pepper"),
                Optional.ofNullable(outcomes.getFirst().result()));
    }

    @Test
    void ping_answersWhileTheStoreIsOpen() {
        memories.ping();
    }

    private KeyRecord handMade(String hash) {
        var key = new ApiKey(
                UUID.randomUUID(), "ctx_", "by hand", Scope.all(), Set.of(), null, null, null, START.plusMillis(1));
        return new KeyRecord(key, alice.account(), null, hash);
    }
}
