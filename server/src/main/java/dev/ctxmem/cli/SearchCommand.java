package dev.ctxmem.cli;

import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.SearchResults;
import dev.ctxmem.core.TextQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "search", description = "Find entries by what they mean and by their words, the most similar first.")
final class SearchCommand implements Runnable {
    private static final int VALUE_CHARACTERS_MAX = 500;
    private static final String INDENT = "   ";

    private final Session session;

    @Parameters(index = "0", paramLabel = "QUERY")
    private String query = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Only there; default: everywhere.")
    private @Nullable String namespace;

    @Option(
            names = {"-l", "--limit"},
            paramLabel = "1..100",
            description = "Default: ${DEFAULT-VALUE}.")
    private int limit = SearchQuery.LIMIT_DEFAULT;

    @Option(names = "--threshold", paramLabel = "0..1", description = "Least similarity; default: 0.7.")
    private @Nullable Double threshold;

    @Option(
            names = {"-t", "--tag", "--tags"},
            split = ",",
            paramLabel = "TAG",
            description = "Only with all of these.")
    private List<String> tags = List.of();

    @Option(names = "--text", description = "By key and words alone, without meaning.")
    private boolean text;

    @Option(names = "--explain", description = "Show how each similarity came about.")
    private boolean explain;

    SearchCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        SearchResults found = text ? byText() : byMeaning();
        session.show(out -> {
            if (found.results().isEmpty()) {
                out.note(
                        text
                                ? "Nothing found."
                                : "Nothing found. A lower --threshold finds more, --text searches the words alone.");
            }
            int rank = 1;
            for (Hit hit : found.results()) {
                print(rank++, hit, out);
            }
        });
    }

    private SearchResults byText() {
        if (threshold != null || explain || !tags.isEmpty()) {
            throw CommandException.usage(
                    "--text takes no --threshold, --tag or --explain.", "Leave them out, or leave --text out.");
        }
        return session.memories().searchText(new TextQuery(query, namespace, limit));
    }

    private SearchResults byMeaning() {
        double least = threshold == null ? SearchQuery.THRESHOLD_DEFAULT : threshold;
        return session.memories().search(new SearchQuery(query, namespace, limit, least, tags, explain));
    }

    private static void print(int rank, Hit hit, Output out) {
        var entry = hit.entry();
        String name = Printable.line("[" + entry.namespace() + "/" + entry.key() + "]");
        out.line(rank + ". " + out.bold(name) + " " + Math.round(hit.similarity() * 100) + " %");
        Printable.block(Printable.shortened(Printable.value(entry.value()), VALUE_CHARACTERS_MAX))
                .lines()
                .forEach(line -> out.line(INDENT + line));
        if (hit.explanation() != null) {
            out.line(INDENT + out.dim(Printable.line(explained(hit.explanation()))));
        }
    }

    private static String explained(Explanation explanation) {
        var line = new StringBuilder("bias ").append(rounded(explanation.bias()));
        for (Explanation.Factor factor : explanation.factors()) {
            line.append(" + ")
                    .append(factor.name())
                    .append(' ')
                    .append(rounded(factor.value()))
                    .append(" × ")
                    .append(rounded(factor.weight()));
        }
        if (explanation.cosine() != null) {
            line.append("; cosine ").append(rounded(explanation.cosine()));
        }
        return line.toString();
    }

    private static String rounded(double number) {
        return Double.toString(Math.round(number * 1000) / 1000.0);
    }
}
