package dev.ctxmem.memory;

import static dev.ctxmem.core.ErrorCode.INVALID_API_KEY;
import static dev.ctxmem.core.ErrorCode.SCOPE_ESCALATION;
import static dev.ctxmem.core.ErrorCode.SIGNUP_CLOSED;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.IssuedKey;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.Tier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Accounts and keys: signup, authentication, issuing. Thread-safe.
public final class Accounts {
    private static final String FIRST_KEY_NAME = "default";
    private static final String LOCAL_KEY_NAME = "local";

    private final AccountStore store;
    private final Peppers peppers;
    private final SignupRule rule;
    private final Tiers tiers;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final RandomGenerator random;
    private final AuthenticationCache cache;
    private final RequestCounter counter;

    /// `random` makes the secrets of keys: it must be cryptographically strong.
    public Accounts(
            AccountStore store,
            Peppers peppers,
            SignupRule rule,
            Tiers tiers,
            InstantSource clock,
            Supplier<UUID> ids,
            RandomGenerator random) {
        this.store = store;
        this.peppers = peppers;
        this.rule = rule;
        this.tiers = tiers;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
        this.cache = new AuthenticationCache(clock);
        this.counter = new RequestCounter(store, clock);
    }

    /// The account and its first key, shown this once. SIGNUP_CLOSED where the operator does not let strangers
    /// in (any more).
    public Signup signup(NewAccount account) {
        if (rule == SignupRule.CLOSED) {
            throw new MemoryException(SIGNUP_CLOSED, "This server does not let people sign up by themselves.");
        }
        return create(account, tiers.signup(), rule == SignupRule.FIRST);
    }

    /// The operator's way to make an account, whatever the signup rule; a null `tier` is the one that signup
    /// gives.
    public Signup create(NewAccount account, @Nullable Tier tier) {
        return create(account, tier == null ? tiers.signup() : tier, false);
    }

    /// A fresh key for the user of this machine; the ones of earlier starts are revoked.
    public IssuedKey localKey() {
        Optional<Account> local = store.accounts().stream()
                .filter(account -> account.email().equals(AccountStore.LOCAL_EMAIL))
                .findFirst();
        if (local.isEmpty()) {
            return create(new NewAccount(AccountStore.LOCAL_EMAIL, "Local user"), Tier.TEAM, false)
                    .key();
        }
        UUID account = local.get().id();
        List<ApiKey> before = store.keys(account);
        IssuedKey key = issue(account, NewKey.unrestricted(LOCAL_KEY_NAME));
        before.stream()
                .filter(old -> old.name().equals(LOCAL_KEY_NAME) || old.name().equals(FIRST_KEY_NAME))
                .forEach(old -> store.revokeKey(account, old.id()));
        return key;
    }

    public Optional<Account> account(UUID id) {
        return store.account(id);
    }

    /// An account was moved to another tier beside this: it counts from the next request on.
    public void forgetTiers() {
        cache.clear();
    }

    public List<Account> all() {
        return store.accounts();
    }

    /// The account with this id or e-mail (compared without regard to case), moved to `tier`. NOT_FOUND;
    /// INVALID_VALUE for an e-mail of several accounts. Takes effect within [AuthenticationCache#MILLIS_MAX].
    public Account setTier(String idOrEmail, Tier tier) {
        List<Account> found = store.accounts().stream()
                .filter(account -> account.id().toString().equals(idOrEmail)
                        || account.email().equalsIgnoreCase(idOrEmail))
                .toList();
        if (found.isEmpty()) {
            throw MemoryException.notFound("Account");
        }
        if (found.size() > 1) {
            throw MemoryException.invalid("/account", "is the e-mail of " + found.size() + " accounts; give the id");
        }
        UUID id = found.getFirst().id();
        store.setTier(id, tier);
        cache.clear();
        return store.account(id).orElseThrow(() -> MemoryException.notFound("Account"));
    }

    /// Who holds `token` (with its `ctx_`). INVALID_API_KEY, the same for unknown, revoked, expired and
    /// malformed ones.
    public Principal authenticate(String token, String requestId) {
        AuthenticationCache.Holder holder = cache.get(token).orElseGet(() -> lookUp(token));
        ApiKey key = holder.key();
        if (key.expiresAt() != null && !clock.instant().isBefore(key.expiresAt())) {
            throw invalidKey();
        }
        return new Principal(
                holder.account(),
                holder.tier(),
                key.id(),
                key.scopes(),
                key.namespaces(),
                key.rateLimit(),
                key.expiresAt(),
                requestId);
    }

    /// Counts one request of the month. TIER_LIMIT_REACHED when they are used up.
    public void countRequest(Principal principal) {
        counter.count(principal, tiers.of(principal.tier()).requestsPerMonth());
    }

    /// Writes the counters; called about once a second.
    public void flushCounters() {
        counter.flush();
    }

    AccountStore.Counts counts(UUID account) {
        return counter.counts(account);
    }

    /// SCOPE_ESCALATION when the new key could do more than `parent`.
    IssuedKey issue(Principal parent, NewKey draft) {
        boolean within = parent.scopes().containsAll(draft.scopes())
                && (parent.namespaces().isEmpty()
                        || (!draft.namespaces().isEmpty() && parent.namespaces().containsAll(draft.namespaces())))
                && (parent.rateLimit() == null
                        || (draft.rateLimit() != null && draft.rateLimit() <= parent.rateLimit()))
                && (parent.expiresAt() == null
                        || (draft.expiresAt() != null && !draft.expiresAt().isAfter(parent.expiresAt())));
        if (!within) {
            throw new MemoryException(
                    SCOPE_ESCALATION, "The new key asks for more scopes, namespaces, rate or time than this one has.");
        }
        if (draft.expiresAt() != null && !draft.expiresAt().isAfter(clock.instant())) {
            throw MemoryException.invalid("/expires_at", "must lie in the future");
        }
        return issue(parent.account(), draft);
    }

    private IssuedKey issue(UUID account, NewKey draft) {
        Token token = Token.generate(random);
        KeyRecord key = record(token, account, draft);
        store.addKey(key);
        return new IssuedKey(key.key(), token.text());
    }

    void revoke(UUID account, UUID key) {
        store.revokeKey(account, key);
        cache.clear();
    }

    private Signup create(NewAccount draft, Tier tier, boolean onlyFirst) {
        var account = new Account(ids.get(), draft.email(), draft.name(), tier, now());
        Token token = Token.generate(random);
        KeyRecord key = record(token, account.id(), NewKey.unrestricted(FIRST_KEY_NAME));
        store.createAccount(account, key, onlyFirst);
        return new Signup(account, new IssuedKey(key.key(), token.text()));
    }

    private KeyRecord record(Token token, UUID account, NewKey draft) {
        var key = new ApiKey(
                ids.get(),
                Token.PREFIX + token.id(),
                draft.name(),
                draft.scopes(),
                draft.namespaces(),
                draft.rateLimit(),
                null,
                draft.expiresAt(),
                now());
        return new KeyRecord(key, account, token.id(), peppers.hash(Token.secretOf(token.text())));
    }

    private AuthenticationCache.Holder lookUp(String token) {
        KeyRecord found = find(token).orElseThrow(Accounts::invalidKey);
        Account account = store.account(found.account()).orElseThrow(Accounts::invalidKey);
        var holder = new AuthenticationCache.Holder(account.id(), account.tier(), found.key());
        cache.put(token, holder);
        return holder;
    }

    /// Does the same work whether the key exists or not, and compares in constant time.
    private Optional<KeyRecord> find(String token) {
        String secret = Token.secretOf(token);
        if (!token.startsWith(Token.PREFIX)) {
            return Optional.empty();
        }
        if (Token.looksLike(token)) {
            return Token.parse(token).flatMap(ours -> {
                List<String> hashes = peppers.hashes(secret);
                return store.keyByTokenId(ours.id()).filter(key -> matches(key, hashes));
            });
        }
        List<String> hashes = new ArrayList<>(peppers.hashes(secret));
        hashes.add(Peppers.plainHash(secret));
        return store.keyByHash(hashes).filter(key -> matches(key, hashes));
    }

    private boolean matches(KeyRecord key, List<String> hashes) {
        boolean found = false;
        for (String hash : hashes) {
            found |= MessageDigest.isEqual(ascii(hash), ascii(key.hash().toLowerCase(Locale.ROOT)));
        }
        if (found && !hashes.getFirst().equals(key.hash())) {
            store.replaceHash(key.key().id(), key.hash(), hashes.getFirst());
        }
        return found;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static MemoryException invalidKey() {
        return new MemoryException(INVALID_API_KEY, "The API key is missing, unknown, revoked or expired.");
    }

    /// A new account with its first key.
    public record Signup(Account account, IssuedKey key) {}
}
