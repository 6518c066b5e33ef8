package dev.ctxmem.store.postgres;

import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.store.postgres.NamespaceRows.Found;
import dev.ctxmem.store.postgres.Transaction.State;
import dev.ctxmem.store.sql.Content;
import dev.ctxmem.store.sql.Ids;
import dev.ctxmem.store.sql.TierLimit;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Puts and deletes entries, in two round trips each: one that locks and looks, one that writes. Each write checks
/// everything before it changes anything.
final class EntryWrites {
    private static final String EXPIRED_OF_ACCOUNT = """
            select count(*)
            from entries e
            where e.account_id = :account and e.state = 'live' and e.expires_at <= :now
            """;

    private static final long MILLIS_PER_SECOND = 1000;

    private final Supplier<UUID> ids;
    private final EntryRows rows;

    EntryWrites(Supplier<UUID> ids, EntryRows rows) {
        this.ids = ids;
        this.rows = rows;
    }

    Saved put(
            Transaction transaction,
            Principal principal,
            String slug,
            EntryDraft draft,
            Embedding embedding,
            Lexicon.Indexed words,
            TierLimits limits) {
        UUID account = transaction.account();
        var script = new Script();
        Script.Result<Found> shelf = script.read(NamespaceRows.FIND, Found::read, account, slug);
        Script.Result<CurrentEntry> under =
                script.read(CurrentEntry.BY_KEY, CurrentEntry::read, account, slug, draft.key());
        transaction.read(script);
        Found found = Objects.requireNonNull(shelf.first());
        UUID namespace = found.required();
        Instant now = found.now();
        CurrentEntry current = under.first();
        CurrentEntry live = current != null && current.isLive(now) ? current : null;
        if (live == null) {
            requireRoom(transaction, limits);
        }
        State after = transaction.state().next(0, current != null && current.isCounted() ? 0 : 1);
        Deadline deadline = Deadline.of(draft.timeToLive(), live, now);
        var content = Content.of(draft, deadline.ttlSeconds, deadline.expiresAt, now.toEpochMilli());
        var next = new StoredEntry(
                draft.key(),
                live == null ? ids.get() : live.id(),
                current == null ? 1 : current.version() + 1,
                after.revision(),
                false,
                principal.key(),
                principal.requestId(),
                live == null ? now.toEpochMilli() : live.createdAt().toEpochMilli(),
                content,
                0);
        var change = new EntryRows.Change(
                account,
                namespace,
                slug,
                current,
                live == null ? "created" : "updated",
                next,
                draft.tags(),
                words,
                embedding);
        transaction.write(rows.script(change, now), after);
        return new Saved(next.entry(slug, embedding.state()), live == null, after.revision());
    }

    DeletedEntry delete(Transaction transaction, Principal principal, String slug, String keyOrId) {
        UUID account = transaction.account();
        var script = new Script();
        Script.Result<Found> shelf = script.read(NamespaceRows.FIND, Found::read, account, slug);
        Script.Result<CurrentEntry> live = script.read(
                CurrentEntry.LIVE_BY_KEY_OR_ID, CurrentEntry::read, account, slug, keyOrId, Ids.parse(keyOrId));
        transaction.read(script);
        Found found = Objects.requireNonNull(shelf.first());
        UUID namespace = found.required();
        CurrentEntry current = live.first();
        if (current == null) {
            throw MemoryException.notFound("Entry");
        }
        State after = transaction.state().next(0, -1);
        var next = new StoredEntry(
                current.key(),
                current.id(),
                current.version() + 1,
                after.revision(),
                true,
                principal.key(),
                principal.requestId(),
                current.createdAt().toEpochMilli(),
                Content.deleted(found.now().toEpochMilli()),
                0);
        var change = new EntryRows.Change(
                account, namespace, slug, current, "deleted", next, List.of(), Lexicon.Indexed.NOTHING, Embedding.NONE);
        transaction.write(rows.script(change, found.now()), after);
        return new DeletedEntry(current.id(), current.key(), after.revision());
    }

    /// What has expired holds no place, purged or not. It is counted only where it matters: at the limit.
    private static void requireRoom(Transaction transaction, TierLimits limits) {
        long counted = transaction.state().entries();
        if (new Quota(counted, limits.entries()).allows(1)) {
            return;
        }
        var script = new Script();
        Script.Result<Long> expired = script.read(EXPIRED_OF_ACCOUNT, Row::number, transaction.account());
        transaction.read(script);
        var quota = new Quota(counted - Objects.requireNonNull(expired.first()), limits.entries());
        if (!quota.allows(1)) {
            throw TierLimit.reached("entries", quota);
        }
    }

    /// The TTL of the next version.
    private record Deadline(
            @Nullable Long ttlSeconds, @Nullable Long expiresAt) {
        static Deadline of(TimeToLive timeToLive, @Nullable CurrentEntry live, Instant now) {
            return switch (timeToLive) {
                case TimeToLive.Never() -> new Deadline(null, null);
                case TimeToLive.Seconds(long seconds) ->
                    new Deadline(seconds, now.toEpochMilli() + seconds * MILLIS_PER_SECOND);
                case TimeToLive.Keep() ->
                    live == null ? new Deadline(null, null) : new Deadline(live.ttlSeconds(), live.expiresAtMillis());
            };
        }
    }
}
