package dev.ctxmem.disk;

import java.util.Map;

/// One call or all from one on that fail, on the files that a pattern names.
///
/// @param call `sync`, `write`, `truncate` or `rename`
/// @param file a pattern as of `fnmatch`, of the whole path
/// @param at the how-manieth such call fails first, from 1; never for 0
/// @param error the number of the error; with 0 the call is left out and said to have been done
/// @param persists whether all later ones fail, too
public record Fault(String call, String file, int at, int error, boolean persists) {
    /// `EIO`: the disk failed.
    public static final int IO_ERROR = 5;

    /// `ENOSPC`: the disk is full.
    public static final int NO_SPACE = 28;

    public static final int LIE = 0;

    public static Fault parse(String line) {
        String[] parts = line.split(" ", -1);
        return new Fault(
                parts[0],
                parts[1],
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Boolean.parseBoolean(parts[4]));
    }

    /// What [#parse] reads.
    public String line() {
        return String.join(" ", call, file, Integer.toString(at), Integer.toString(error), Boolean.toString(persists));
    }

    /// For a process that is started with the library.
    public Map<String, String> environment() {
        return Map.of(
                "FAULT_CALL",
                call,
                "FAULT_FILE",
                file,
                "FAULT_AT",
                Integer.toString(at),
                "FAULT_ERROR",
                Integer.toString(error),
                "FAULT_PERSISTS",
                persists ? "1" : "0");
    }
}
