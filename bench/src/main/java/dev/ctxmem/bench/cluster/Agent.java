package dev.ctxmem.bench.cluster;

import dev.ctxmem.bench.cluster.Findings.Kind;
import dev.ctxmem.bench.cluster.Findings.Wrong;
import dev.ctxmem.bench.load.Sentences;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.ListOptions;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.TextQuery;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One client: it writes shelves of its own, reads those of all who share its account, and judges each answer. For
/// one thread.
final class Agent {
    static final String NAMESPACE = "trial";

    private static final int PERCENT = 100;
    private static final int PUT_PERCENT = 20;
    private static final int GET_PERCENT = 45;
    private static final int OWN_LATE_PERCENT = 60;
    private static final int LATE_PERCENT = 75;
    private static final int LIST_PERCENT = 80;
    private static final int HISTORY_PERCENT = 83;
    private static final int SEARCH_PERCENT = 93;
    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(40);
    /// What a read with `consistency=eventual` may miss, with a second for the look at the standby.
    private static final long LATE_NANOS_MAX = TimeUnit.SECONDS.toNanos(11);

    private final Memories memories;
    private final Memories ownLate;
    private final Memories otherLate;
    private final List<Shelf> own;
    private final List<Shelf> all;
    private final Faults faults;
    private final Findings findings;
    private final boolean trustsLateReads;
    private final SplittableRandom random;
    private final Sentences sentences;

    /// `otherLate` is a client that has written nothing: its late reads ask for no revision. `trustsLateReads` is the
    /// control: it takes what they say for the newest.
    Agent(
            HttpMemories memories,
            HttpMemories otherLate,
            List<Shelf> own,
            List<Shelf> all,
            Faults faults,
            Findings findings,
            boolean trustsLateReads,
            long seed) {
        this.memories = memories;
        this.ownLate = memories.withLateReads();
        this.otherLate = otherLate.withLateReads();
        this.own = List.copyOf(own);
        this.all = List.copyOf(all);
        this.faults = faults;
        this.findings = findings;
        this.trustsLateReads = trustsLateReads;
        this.random = new SplittableRandom(seed);
        this.sentences = new Sentences(seed);
    }

    /// Goes on until that moment, with short pauses: the machine is to keep up with what it does besides.
    void run(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - end < 0) {
            act(random.nextInt(PERCENT));
            LockSupport.parkNanos(random.nextLong(PAUSE_NANOS_MAX));
        }
    }

    private void act(int choice) {
        if (choice < PUT_PERCENT) {
            put(own.get(random.nextInt(own.size())));
        } else if (choice < GET_PERCENT) {
            Shelf shelf = one(all);
            get(Kind.GET, memories, shelf, shelf.floor());
        } else if (choice < OWN_LATE_PERCENT) {
            Shelf shelf = one(own);
            get(Kind.GET_OWN_LATE, trustsLateReads ? otherLate : ownLate, shelf, shelf.floor());
        } else if (choice < LATE_PERCENT) {
            Shelf shelf = one(all);
            get(Kind.GET_LATE, otherLate, shelf, shelf.floor(System.nanoTime() - LATE_NANOS_MAX));
        } else if (choice < LIST_PERCENT) {
            list();
        } else if (choice < HISTORY_PERCENT) {
            Shelf shelf = one(all);
            if (shelf.floor() > 0) {
                asked(Kind.HISTORY, () -> memories.history(NAMESPACE, shelf.key(), HistoryOptions.DEFAULT));
            }
        } else if (choice < SEARCH_PERCENT) {
            asked(Kind.SEARCH, () -> memories.search(SearchQuery.of(sentences.question())));
        } else {
            searchText(one(all));
        }
    }

    /// A write that fails at a kill may have been done: the next one goes on behind it.
    void put(Shelf shelf) {
        long number = shelf.attempt();
        long start = System.nanoTime();
        try {
            Saved saved = memories.put(NAMESPACE, EntryDraft.of(shelf.key(), value(number)));
            shelf.acknowledge(number, saved.entry().version(), System.nanoTime());
            findings.answered(Kind.PUT, System.nanoTime() - start);
        } catch (MemoryException e) {
            long end = System.nanoTime();
            if (e.code() == ErrorCode.UNREACHABLE && faults.wasCutOff(start, end)) {
                findings.cutOff();
            } else {
                findings.wrong(Wrong.FAILED_REQUESTS, "put " + describe(e, start, end));
            }
        }
    }

    private void get(Kind kind, Memories from, Shelf shelf, long floor) {
        Entry entry = asked(kind, () -> {
            try {
                return from.get(NAMESPACE, shelf.key());
            } catch (MemoryException e) {
                if (e.code() == ErrorCode.NOT_FOUND && floor == 0) {
                    return null;
                }
                throw e;
            }
        });
        if (entry != null) {
            judge(kind, shelf, entry, floor);
        }
    }

    private void list() {
        long[] floors = all.stream().mapToLong(Shelf::floor).toArray();
        var page = asked(Kind.LIST, () -> memories.list(NAMESPACE, new ListOptions(List.of(), 20, null)));
        if (page == null) {
            return;
        }
        for (Entry entry : page.entries()) {
            for (int i = 0; i < floors.length; i++) {
                if (all.get(i).key().equals(entry.key())) {
                    judge(Kind.LIST, all.get(i), entry, floors[i]);
                }
            }
        }
    }

    /// The entry with that key comes first, as new as it is.
    private void searchText(Shelf shelf) {
        long floor = shelf.floor();
        var results = asked(Kind.SEARCH_TEXT, () -> memories.searchText(new TextQuery(shelf.key(), NAMESPACE, 1)));
        if (results == null || floor == 0) {
            return;
        }
        if (results.results().isEmpty()
                || !results.results().getFirst().entry().key().equals(shelf.key())) {
            findings.wrong(Wrong.STALE_READS, "search by text does not find " + shelf.key());
        } else {
            judge(Kind.SEARCH_TEXT, shelf, results.results().getFirst().entry(), floor);
        }
    }

    private void judge(Kind kind, Shelf shelf, Entry entry, long floor) {
        long number = number(entry.value());
        if (!shelf.mayHold(number, floor)) {
            findings.wrong(Wrong.STALE_READS, kind + " of " + shelf.key() + " finds " + number + ", at least " + floor);
        }
    }

    /// Null when it failed: no read may, since the proxy asks another server.
    private <T> @Nullable T asked(Kind kind, Supplier<? extends @Nullable T> question) {
        long start = System.nanoTime();
        try {
            T answer = question.get();
            findings.answered(kind, System.nanoTime() - start);
            return answer;
        } catch (MemoryException e) {
            findings.wrong(Wrong.FAILED_REQUESTS, kind + " " + describe(e, start, System.nanoTime()));
            return null;
        }
    }

    private String describe(MemoryException e, long start, long end) {
        return e.code() + " " + e.detail() + " after " + TimeUnit.NANOSECONDS.toMillis(end - start) + " ms"
                + (faults.wasCutOff(start, end) ? ", at a kill" : "");
    }

    private Shelf one(List<Shelf> shelves) {
        return shelves.get(random.nextInt(shelves.size()));
    }

    private Json value(long number) {
        return Json.parse(new JsonWriter()
                .beginObject()
                .member("number", number)
                .member("note", sentences.note())
                .endObject()
                .toString());
    }

    static long number(Json value) {
        return Long.parseLong(
                Objects.requireNonNull(value.members().get("number")).text());
    }
}
