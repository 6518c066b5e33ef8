package dev.ctxmem.bench.quality;

import dev.ctxmem.core.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The files of a data directory: JSON lines, and relevance judgements in the tab-separated form of BEIR
/// (Thakur et al., 2021). UncheckedIOException for what cannot be read.
final class DataFiles {
    private DataFiles() {}

    /// The members of each line's object.
    static List<Map<String, Json>> objects(Path file) {
        return lines(file).stream().map(line -> Json.parse(line).members()).toList();
    }

    /// The relevant ids by question id, from lines of `question \t id \t score` under a heading.
    static Map<String, Set<String>> judgements(Path file) {
        var relevant = new HashMap<String, Set<String>>();
        for (String line : lines(file).subList(1, lines(file).size())) {
            String[] columns = line.split("\t", -1);
            if (Integer.parseInt(columns[2].strip()) > 0) {
                relevant.computeIfAbsent(columns[0], id -> new HashSet<>()).add(columns[1]);
            }
        }
        return relevant;
    }

    /// The string under `name`; "" where it is null or missing.
    static String string(Map<String, Json> object, String name) {
        Json value = object.getOrDefault(name, Json.NULL);
        return value.isNull() ? "" : value.asString();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
