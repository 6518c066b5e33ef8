package dev.ctxmem.control;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Every place in the SQL of a store that asks whether an entry has expired, each as the bug that it does not.
final class DeadlinePredicates {
    private static final Pattern LIVE = Pattern.compile("\\((\\w+\\.)?expires_at is null or [\\w.]+ > :now\\)");
    private static final Pattern EXPIRED = Pattern.compile("(\\w+\\.)?expires_at <= :now");

    private DeadlinePredicates() {}

    /// By the name of the place.
    static Map<String, Mutant> of(String store) {
        var mutants = new LinkedHashMap<String, Mutant>();
        StoreConstants.of(store).forEach(constant -> {
            String everLive = all(LIVE, constant.text(), "($0 or true)");
            String neverExpired = all(EXPIRED, everLive, "($0 and false)");
            if (!neverExpired.equals(constant.text())) {
                mutants.put(constant.place(""), constant.mutant("without expires_at", neverExpired));
            }
        });
        return mutants;
    }

    private static String all(Pattern pattern, String text, String replacement) {
        Matcher matcher = pattern.matcher(text);
        return matcher.replaceAll(replacement);
    }
}
