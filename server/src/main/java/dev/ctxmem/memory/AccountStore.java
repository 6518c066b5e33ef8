package dev.ctxmem.memory;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.Tier;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Where accounts, keys, counters and settings live. The same rules of durability and isolation as
/// [MemoryStore]; what a writing method returned is durable, but for [#recordUse], which may be lost with the
/// power.
public interface AccountStore {
    /// Adds an account with its first key, in one transaction. With `onlyFirst`, SIGNUP_CLOSED unless no
    /// account has ever been made (local accounts, see [#LOCAL_EMAIL], do not count; deleting accounts does not
    /// reopen it).
    void createAccount(Account account, KeyRecord key, boolean onlyFirst);

    Optional<Account> account(UUID id);

    /// Oldest first.
    List<Account> accounts();

    /// NOT_FOUND.
    void setTier(UUID account, Tier tier);

    /// A key of our own form that is not revoked; expiry is not looked at.
    Optional<KeyRecord> keyByTokenId(String tokenId);

    /// A key whose hash is one of `hashes`, hex case ignored, that is not revoked.
    Optional<KeyRecord> keyByHash(Collection<String> hashes);

    /// NOT_FOUND for the account; TIER_LIMIT_REACHED at [dev.ctxmem.core.Limits#KEYS_PER_ACCOUNT_MAX].
    void addKey(KeyRecord key);

    /// Keys that are not revoked, oldest first.
    List<ApiKey> keys(UUID account);

    /// NOT_FOUND when the account has no such live key.
    void revokeKey(UUID account, UUID id);

    /// Replaces the hash of a key if it still is `from`; does nothing else.
    void replaceHash(UUID key, String from, String to);

    /// Adds to the counters: when keys were last used, and requests per account in `month` (UTC).
    void recordUse(Map<UUID, Instant> lastUsed, Map<UUID, Long> requests, YearMonth month);

    Counts counts(UUID account, YearMonth month);

    Optional<String> setting(String name);

    /// Stores a setting unless it is there, and returns the one that is there now, for every instance the same.
    String settingOrElse(String name, String value);

    void putSetting(String name, String value);

    /// The account that a server on its own machine makes for its own user.
    String LOCAL_EMAIL = "local@localhost";

    /// Where an account stands.
    record Counts(long namespaces, long entries, long requests) {}
}
