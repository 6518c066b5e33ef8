package dev.ctxmem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Files that `ctx export` wrote.
final class Exports {
    private Exports() {}

    /// The lines but for the header and what the last one says of it.
    static List<String> content(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String last = lines.getLast();
        var content = new ArrayList<>(lines.subList(1, lines.size() - 1));
        content.add(last.substring(0, last.indexOf("\"sha256\"")));
        return content;
    }
}
