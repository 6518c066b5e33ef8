package dev.ctxmem.control;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Every place in the SQL of a store that binds tables to an account by `account_id`, each as the bug that it does
/// not.
final class AccountPredicates {
    private static final Pattern COMPARISON =
            Pattern.compile("(?<![\\w.:])[\\w.]*account_id = [:\\w.]+|(?<![\\w.:])\\w+\\.id = \\w+\\.account_id\\b");
    private static final Pattern TABLE = Pattern.compile("(\\w+)\\.account_id");

    private AccountPredicates() {}

    /// By the name of the place: class, constant and, where there are several, tables.
    static Map<String, Mutant> of(String store) {
        var mutants = new LinkedHashMap<String, Mutant>();
        StoreConstants.of(store).forEach(constant -> {
            List<Bond> bonds = bonds(constant.text());
            bonds.forEach(bond -> mutants.putIfAbsent(
                    constant.place(bonds.size() == 1 ? "" : bond.name()),
                    constant.mutant(bond.bug(), bond.leftOut(constant.text()))));
        });
        return mutants;
    }

    /// Comparisons that share a table belong together: each follows from the others and the ids.
    private static List<Bond> bonds(String text) {
        var bonds = new ArrayList<Bond>();
        COMPARISON.matcher(text).results().forEach(comparison -> {
            Set<String> tables = TABLE.matcher(comparison.group())
                    .results()
                    .map(table -> table.group(1))
                    .collect(Collectors.toSet());
            bonds.stream()
                    .filter(bond -> !Collections.disjoint(bond.tables, tables))
                    .findFirst()
                    .orElseGet(() -> {
                        var bond = new Bond(bonds.size() + 1, new TreeSet<>(), new ArrayList<>());
                        bonds.add(bond);
                        return bond;
                    })
                    .add(tables, comparison);
        });
        return bonds;
    }

    /// What ties some tables of a statement to the account.
    private record Bond(int number, Set<String> tables, List<MatchResult> comparisons) {
        void add(Set<String> more, MatchResult comparison) {
            tables.addAll(more);
            comparisons.add(comparison);
        }

        /// The tables, or the place of one that is not named.
        String name() {
            return tables.isEmpty() ? String.valueOf(number) : String.join("", tables);
        }

        String bug() {
            return "without "
                    + comparisons.stream().map(MatchResult::group).distinct().collect(Collectors.joining(" and "));
        }

        String leftOut(String text) {
            var changed = new StringBuilder(text);
            for (MatchResult comparison : comparisons.reversed()) {
                changed.insert(comparison.end(), " or true)").insert(comparison.start(), "(");
            }
            return changed.toString();
        }
    }
}
