package dev.ctxmem.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Arrays;

/// A seeded bug: one class of the program, changed.
///
/// @param bug what is wrong then, in words
/// @param className binary name, below `dev.ctxmem`
record Mutant(String bug, String className, Edit edit) {
    String binaryName() {
        return "dev.ctxmem." + className;
    }

    String file() {
        return binaryName().replace('.', '/') + ".class";
    }

    byte[] original() {
        try (InputStream in = Mutant.class.getClassLoader().getResourceAsStream(file())) {
            if (in == null) {
                throw new IllegalStateException("no class " + binaryName());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] changed() {
        return edit.apply(original());
    }

    /// Whether the bug is in what a class does when it is loaded: too late to change that in a running JVM.
    boolean isInInitializer() {
        return !Arrays.equals(initializer(original()), initializer(changed()));
    }

    private static byte[] initializer(byte[] bytes) {
        return ClassFile.of().parse(bytes).methods().stream()
                .filter(method -> method.methodName().equalsString("<clinit>"))
                .flatMap(method -> method.findAttribute(Attributes.code()).stream())
                .map(CodeAttribute::codeArray)
                .findFirst()
                .orElse(new byte[0]);
    }
}
