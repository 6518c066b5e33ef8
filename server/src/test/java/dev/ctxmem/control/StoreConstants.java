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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The string constants in the code of a store's classes: its SQL, as the compiler has put it together.
final class StoreConstants {
    private static final String ROOT = "dev.ctxmem.";
    private static final int HEAD_WORDS = 3;

    private StoreConstants() {}

    /// Each once for every class that uses it.
    static List<StoreConstant> of(String store) {
        List<ClassModel> classes =
                classFiles(store).stream().map(StoreConstants::parse).toList();
        var names = new HashMap<String, String>();
        classes.forEach(model -> addNames(names, model));
        var constants = new ArrayList<StoreConstant>();
        for (ClassModel model : classes) {
            model.methods().stream()
                    .flatMap(StoreConstants::texts)
                    .distinct()
                    .map(text -> new StoreConstant(
                            binaryName(model), names.getOrDefault(text, simpleName(model) + ": " + head(text)), text))
                    .forEach(constants::add);
        }
        return constants;
    }

    private static void addNames(Map<String, String> names, ClassModel model) {
        model.fields()
                .forEach(field -> field.findAttribute(Attributes.constantValue())
                        .ifPresent(constant -> {
                            if (constant.constant().constantValue() instanceof String text) {
                                names.put(
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

    /// @param className below `dev.ctxmem`
    /// @param name of the constant with its class, or the first words of one without a name
    record StoreConstant(String className, String name, String text) {
        /// `EntryReads.GET`, or `EntryRows.ERASE_EVENTS in Erasure`; with `part` where there are several.
        String place(String part) {
            String user = className.substring(className.lastIndexOf('.') + 1);
            boolean isOwn = name.startsWith(user + ".") || name.startsWith(user + ":");
            return name + (part.isEmpty() ? "" : " " + part) + (isOwn ? "" : " in " + user);
        }

        Mutant mutant(String bug, String changed) {
            return new Mutant(bug, className, new Edit.Constant(text, changed));
        }
    }
}
