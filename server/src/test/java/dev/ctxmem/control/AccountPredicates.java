package dev.ctxmem.control;

import dev.ctxmem.store.SearchIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every place in the SQL of a store that binds tables to an account by `account_id`, each as the bug that it does
/// not.
final class AccountPredicates {
    private static final String ROOT = "dev.ctxmem.";
    private static final int HEAD_WORDS = 3;
    private static final Pattern COMPARISON =
            Pattern.compile("(?<![\\w.:])[\\w.]*account_id = [:\\w.]+|(?<![\\w.:])\\w+\\.id = \\w+\\.account_id\\b");

    private static final Pattern TABLE = Pattern.compile("(\\w+)\\.account_id");

    private AccountPredicates() {}

    /// By a name that tells class, constant and, where there are several, tables: `EntryReads.GET`.
    static Map<String, Mutant> of(String store) {
        List<ClassModel> classes =
                classFiles(store).stream().map(AccountPredicates::parse).toList();
        var constants = new HashMap<String, String>();
        classes.forEach(model -> addConstants(constants, model));
        var mutants = new LinkedHashMap<String, Mutant>();
        for (ClassModel model : classes) {
            for (MethodModel method : model.methods()) {
                texts(method)
                        .distinct()
                        .forEach(text -> addAll(
                                mutants,
                                binaryName(model),
                                constants.getOrDefault(text, simpleName(model) + ": " + head(text)),
                                text));
            }
        }
        return mutants;
    }

    private static void addAll(Map<String, Mutant> mutants, String className, String name, String text) {
        List<Bond> bonds = bonds(text);
        bonds.forEach(bond -> mutants.putIfAbsent(
                (bonds.size() == 1 ? name : name + " " + bond.name()) + place(name, className),
                new Mutant(bond.bug(), className, bond.left(text))));
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

    /// A constant stands in the code of every class that uses it.
    private static String place(String name, String className) {
        String user = className.substring(className.lastIndexOf('.') + 1);
        return name.startsWith(user + ".") || name.startsWith(user + ":") ? "" : " in " + user;
    }

    private static void addConstants(Map<String, String> constants, ClassModel model) {
        model.fields()
                .forEach(field -> field.findAttribute(Attributes.constantValue())
                        .ifPresent(constant -> {
                            if (constant.constant().constantValue() instanceof String text) {
                                constants.put(
                                        text,
                                        simpleName(model) + "."
                                                + field.fieldName().stringValue());
                            }
                        }));
    }

    private static String binaryName(ClassModel model) {
        return model.thisClass().asInternalName().replace('/', '.').substring(ROOT.length());
    }

    private static String simpleName(ClassModel model) {
        String name = binaryName(model);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// The first words of a statement without a name.
    private static String head(String text) {
        return Stream.of(text.split("\\s+", -1)).limit(HEAD_WORDS).collect(Collectors.joining(" "));
    }

    private static Stream<String> texts(MethodModel method) {
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .flatMap(element -> switch (element) {
                    case ConstantInstruction constant -> Stream.of(constant.constantValue());
                    case InvokeDynamicInstruction call -> call.bootstrapArgs().stream();
                    default -> Stream.of();
                })
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> classFiles(String store) {
        try {
            Path classes = Path.of(SearchIndex.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.list(classes.resolve("dev/ctxmem/store/" + store))) {
                return files.filter(file -> file.toString().endsWith(".class"))
                        .sorted()
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
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

        Edit left(String text) {
            var changed = new StringBuilder(text);
            for (MatchResult comparison : comparisons.reversed()) {
                changed.insert(comparison.end(), " or true)").insert(comparison.start(), "(");
            }
            return new Edit.Constant(text, changed.toString());
        }
    }
}
