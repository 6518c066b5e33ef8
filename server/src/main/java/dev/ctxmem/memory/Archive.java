package dev.ctxmem.memory;

import java.util.function.Consumer;

/// The whole of a store, handed out and taken: for exports, backups, and moves from one store to another. Every
/// store passes the same contract kit.
///
/// **Order.** Settings by name; accounts by id, and of each account its customer, its keys by id, its usage by month,
/// its namespaces by slug, after each of them its entries by key, after each of those its versions; then the
/// account's events by revision. Texts are ordered by their UTF-8 bytes, ids by theirs. Two stores that hold the same
/// hand out the same.
public interface Archive {
    /// Hands out everything as of one moment, while others read and write. What is damaged is left out and
    /// reported, and never stops the rest.
    void exportTo(Sink sink);

    /// Adds everything in one transaction: all of it or nothing, and nothing is seen before all of it is there.
    /// Writes wait meanwhile. A setting that is there already stays as it is. ALREADY_EXISTS when an account, a
    /// key or an entry of the same id is there; INVALID_VALUE when the items are not in the order above.
    ///
    /// An account of [AccountStore#LOCAL_EMAIL] that has never held anything gives way to one of the archive.
    void load(Source source);

    /// Where a store has nobody's data: no account but such a local one.
    boolean isEmpty();

    /// Takes what a store hands out, on one thread.
    interface Sink {
        /// About how many items there will be; called once, first.
        void expect(long items);

        void accept(ArchiveItem item);

        /// A key or one of its versions was left out because it is damaged.
        void damaged(String namespace, String key, long version);
    }

    /// Gives all items, each time from the start: a store may have to begin anew.
    interface Source {
        void giveTo(Consumer<ArchiveItem> taker);
    }

    /// Whether a setting goes along. What tells of one running store alone does not, nor does a secret.
    static boolean takesAlong(String setting) {
        return !setting.startsWith(INSTANCE_SETTING) && !setting.equals(GeneratedPepper.SETTING);
    }

    /// Names of settings that stay where they are begin like this.
    String INSTANCE_SETTING = "instance.";
}
