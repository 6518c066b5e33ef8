package dev.ctxmem.memory;

import dev.ctxmem.core.Entry;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Moves a store to another embedding model while it is in use: a second generation of vectors grows beside the
/// first, one transaction makes it the one in force, and then the first is dropped. Searches with vectors of either
/// model find the entries that have some of it, all the while. Every store passes the same contract kit.
///
/// What has been added stays when the process ends: [#lacking] goes on behind it.
public interface Generations {
    /// The setting that tells every instance of a switch.
    String SETTING = Archive.INSTANCE_SETTING + "embedding";

    /// How many live entries there are, and how many of them have vectors of `target`.
    Count count(EmbeddingModel target);

    /// Live entries without vectors of `target`, of all accounts: at most `limit` behind the position `after` (null
    /// for the beginning). One pass sees every entry that was there when it began; the passes are over when one
    /// finds nothing.
    Portion lacking(EmbeddingModel target, @Nullable String after, int limit);

    /// Adds vectors to entries that are live and still at their version, beside the ones they have; does nothing
    /// for others. An entry that waited for vectors waits no more.
    void add(EmbeddingModel target, List<Vectored> vectors);

    /// Makes what searches by `target` need beside its vectors; may take minutes.
    void index(EmbeddingModel target);

    /// Puts `target` in force: one transaction, in which entries that have vectors, but none of it, become pending,
    /// and `announcement` becomes the value of [#SETTING].
    void switchTo(EmbeddingModel target, String announcement);

    /// Drops vectors of other models than `target`, of at most `limit` entries; those that came late and have none
    /// of `target` become pending. How many entries it changed: 0 when nothing is left.
    int dropOthers(EmbeddingModel target, int limit);

    record Count(long entries, long vectored) {}

    /// Some entries; `next` is where to go on, null behind the last.
    record Portion(List<Lacking> entries, @Nullable String next) {
        public Portion {
            entries = List.copyOf(entries);
        }
    }

    record Lacking(UUID account, Entry entry) {
        /// What [#add] takes once the vectors are there.
        public Vectored with(List<float[]> chunks) {
            return new Vectored(account, entry.id(), entry.version(), chunks);
        }
    }

    /// The vectors of an entry's text; empty chunks where the text has nothing to embed.
    record Vectored(UUID account, UUID entry, long version, List<float[]> chunks) {
        public Vectored {
            chunks = List.copyOf(chunks);
        }
    }
}
