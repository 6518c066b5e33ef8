package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.store.sql.Content;
import dev.ctxmem.store.sql.Ids;
import dev.ctxmem.store.sql.TierLimit;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Puts and deletes entries. Each write checks everything before it changes anything.
final class EntryWrites {
    private static final String SHELF = """
            select n.row_id, a.revision, a.entries
            from namespaces n
            join accounts a on a.id = n.account_id
            where n.account_id = :account and n.slug = :slug
            """;

    private static final String EXPIRED_OF_ACCOUNT = """
            select count(*)
            from namespaces n
            cross join entries e indexed by entries_expiring
            where n.account_id = :account and e.namespace_id = n.row_id and e.state = 0 and e.expires_at <= :now
            """;

    private static final long MILLIS_PER_SECOND = 1000;

    private final Supplier<UUID> ids;

    EntryWrites(Supplier<UUID> ids) {
        this.ids = ids;
    }

    Saved put(
            Transaction transaction,
            Principal principal,
            String slug,
            EntryDraft draft,
            Embedding embedding,
            TierLimits limits) {
        UUID account = principal.account();
        Shelf shelf = shelf(transaction, account, slug);
        CurrentEntry current = transaction.first(CurrentEntry.BY_KEY, CurrentEntry::read, shelf.namespace, draft.key());
        long now = transaction.now();
        CurrentEntry live = current != null && current.isLive(now) ? current : null;
        boolean created = live == null;
        if (created) {
            requireRoom(transaction, account, shelf, limits);
        }
        if (current != null && current.state() == Head.State.LIVE) {
            clear(transaction, account, shelf.namespace, current, created);
        }
        var head = new Head(
                draft.key(),
                live == null ? ids.get() : live.id(),
                current == null ? 1 : current.version() + 1,
                live == null ? now : live.createdAt());
        Deadline deadline = Deadline.of(draft.timeToLive(), live, now);
        var content = Content.of(draft, deadline.ttlSeconds, deadline.expiresAt, now);
        var change = new EntryRows.Change(
                principal, shelf.namespace, current, head, Head.State.LIVE, shelf.revision + 1, content, embedding);
        EntryRows.write(transaction, change, created ? "created" : "updated");
        return new Saved(StoredEntry.entry(slug, head, content, embedding.state()), created, shelf.revision + 1);
    }

    DeletedEntry delete(Transaction transaction, Principal principal, String slug, String keyOrId) {
        UUID account = principal.account();
        Shelf shelf = shelf(transaction, account, slug);
        CurrentEntry current = find(transaction, shelf.namespace, keyOrId);
        if (current == null) {
            throw MemoryException.notFound("Entry");
        }
        clear(transaction, account, shelf.namespace, current, false);
        var change = new EntryRows.Change(
                principal,
                shelf.namespace,
                current,
                new Head(current.key(), current.id(), current.version() + 1, current.createdAt()),
                Head.State.DELETED,
                shelf.revision + 1,
                Content.deleted(transaction.now()),
                Embedding.NONE);
        EntryRows.write(transaction, change, "deleted");
        return new DeletedEntry(current.id(), current.key(), shelf.revision + 1);
    }

    private static Shelf shelf(Transaction transaction, UUID account, String slug) {
        Shelf shelf = transaction.first(SHELF, Shelf::read, account, slug);
        if (shelf == null) {
            throw MemoryException.notFound("Namespace");
        }
        return shelf;
    }

    /// What has expired holds no place, purged or not. It is counted only where it matters: at the limit.
    private static void requireRoom(Transaction transaction, UUID account, Shelf shelf, TierLimits limits) {
        if (new Quota(shelf.accountEntries, limits.entries()).allows(1)) {
            return;
        }
        long expired = transaction.number(EXPIRED_OF_ACCOUNT, account, transaction.now());
        var quota = new Quota(shelf.accountEntries - expired, limits.entries());
        if (!quota.allows(1)) {
            throw TierLimit.reached("entries", quota);
        }
    }

    private static @Nullable CurrentEntry find(Transaction transaction, long namespace, String keyOrId) {
        CurrentEntry byKey = transaction.first(CurrentEntry.BY_KEY, CurrentEntry::read, namespace, keyOrId);
        if (byKey != null && byKey.isLive(transaction.now())) {
            return byKey;
        }
        UUID id = Ids.parse(keyOrId);
        CurrentEntry byId =
                id == null ? null : transaction.first(CurrentEntry.BY_ID, CurrentEntry::read, namespace, id);
        return byId != null && byId.isLive(transaction.now()) ? byId : null;
    }

    /// Makes way for the next version: what hangs on the current one goes, and of an expired entry everything.
    private static void clear(
            Transaction transaction, UUID account, long namespace, CurrentEntry current, boolean isExpired) {
        if (current.hasTags()) {
            Attachments.removeTags(transaction, namespace, current.row(), current.revision());
        }
        if (current.hasVectors()) {
            Attachments.removeVectors(transaction, current.row());
        }
        if (current.isPending()) {
            Attachments.removeJob(transaction, current.row());
        }
        if (isExpired) {
            Erasure.eraseVersions(transaction, account, current.row());
        }
    }

    /// A namespace and the counters of its account.
    private record Shelf(long namespace, long revision, long accountEntries) {
        static Shelf read(Row row) {
            return new Shelf(row.number(), row.number(), row.number());
        }
    }

    /// The TTL of the next version.
    private record Deadline(
            @Nullable Long ttlSeconds, @Nullable Long expiresAt) {
        static Deadline of(TimeToLive timeToLive, @Nullable CurrentEntry live, long now) {
            return switch (timeToLive) {
                case TimeToLive.Never() -> new Deadline(null, null);
                case TimeToLive.Seconds(long seconds) -> new Deadline(seconds, now + seconds * MILLIS_PER_SECOND);
                case TimeToLive.Keep() ->
                    live == null ? new Deadline(null, null) : new Deadline(live.ttlSeconds(), live.expiresAt());
            };
        }
    }
}
