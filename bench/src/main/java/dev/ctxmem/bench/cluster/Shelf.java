package dev.ctxmem.bench.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one key must hold: one client writes it, numbering its writes, and everybody reads it. Thread-safe.
///
/// A write that was acknowledged is there for every read that begins later and need be fresh; one that was not
/// acknowledged may be there or not.
final class Shelf {
    private final String key;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private long attempted;

    Shelf(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    /// The number of the next write.
    synchronized long attempt() {
        return ++attempted;
    }

    synchronized void acknowledge(long number, long version, long atNanos) {
        acknowledged.add(new Acknowledged(number, version, atNanos));
    }

    /// The number that a fresh read which begins now must find at least; 0 for none.
    synchronized long floor() {
        return acknowledged.isEmpty() ? 0 : acknowledged.getLast().number;
    }

    /// The number that a read which may be late must find at least, given what was acknowledged by `atNanos`.
    synchronized long floor(long atNanos) {
        long floor = 0;
        for (Acknowledged write : acknowledged) {
            if (write.atNanos - atNanos <= 0) {
                floor = write.number;
            }
        }
        return floor;
    }

    /// Whether a read that had to find `floor` at least may find `number`.
    synchronized boolean mayHold(long number, long floor) {
        return number >= floor && number <= attempted;
    }

    /// Versions that were acknowledged and are not in the history, or are there with another value; the history maps
    /// versions to numbers.
    synchronized List<String> lost(Map<Long, Long> history) {
        var lost = new ArrayList<String>();
        for (Acknowledged write : acknowledged) {
            Long found = history.get(write.version);
            if (found == null || found != write.number) {
                lost.add(key + ": version " + write.version + " is " + found + ", acknowledged was " + write.number);
            }
        }
        long expected = 1;
        for (long version : new TreeMap<>(history).keySet()) {
            if (version != expected++) {
                lost.add(key + ": no version " + (expected - 1));
                break;
            }
        }
        return lost;
    }

    synchronized int count() {
        return acknowledged.size();
    }

    private record Acknowledged(long number, long version, long atNanos) {}
}
