package dev.ctxmem.architecture;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Every Java file of the repository as the compiler's parser sees it, so that a rule about code is not fooled
/// by comments and strings.
final class JavaSources {
    private JavaSources() {}

    /// What a rule can be about: a type, a method, a string, an annotation or a call, with the place it stands
    /// at.
    sealed interface Element {
        String place();

        Path file();

        record Type(Path file, String place, String name, boolean isInterface) implements Element {
            @Override
            public String toString() {
                return "type " + name;
            }
        }

        /// `lines` counts from the signature to the closing brace.
        record Method(Path file, String place, String name, long lines) implements Element {
            @Override
            public String toString() {
                return name + "(…) of " + lines + " lines";
            }
        }

        record Text(Path file, String place, String value) implements Element {
            @Override
            public String toString() {
                return value;
            }
        }

        record Annotation(Path file, String place, String name) implements Element {
            @Override
            public String toString() {
                return "@" + name;
            }
        }

        /// `method` is what is called, as it is written: `Thread.sleep`.
        record Call(Path file, String place, String method) implements Element {
            @Override
            public String toString() {
                return method;
            }
        }
    }

    static List<Path> files() {
        return Repository.files().stream()
                .filter(file ->
                        file.toString().endsWith(".java") && file.toString().contains("src"))
                .toList();
    }

    static boolean isTest(Path file) {
        return file.toString().contains("/src/test/");
    }

    static List<Element> elements() {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var sources = manager.getJavaFileObjectsFromPaths(
                    files().stream().map(Repository.ROOT::resolve).toList());
            var task = (JavacTask) compiler.getTask(null, manager, null, null, null, sources);
            var elements = new ArrayList<Element>();
            for (CompilationUnitTree unit : task.parse()) {
                Path file =
                        Repository.ROOT.relativize(Path.of(unit.getSourceFile().toUri()));
                new Collector(file, unit, Trees.instance(task).getSourcePositions(), elements).scan(unit, null);
            }
            return elements;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Collector extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Path file;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Element> elements;

        Collector(Path file, CompilationUnitTree unit, SourcePositions positions, List<Element> elements) {
            this.file = file;
            this.unit = unit;
            this.positions = positions;
            this.elements = elements;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            boolean isInterface = type.getKind() == Tree.Kind.INTERFACE;
            elements.add(
                    new Element.Type(file, place(type), type.getSimpleName().toString(), isInterface));
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            if (method.getBody() != null) {
                long first = line(positions.getStartPosition(unit, method.getBody()));
                long last = line(positions.getEndPosition(unit, method));
                elements.add(
                        new Element.Method(file, place(method), method.getName().toString(), last - first + 1));
            }
            return super.visitMethod(method, null);
        }

        @Override
        public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void unused) {
            if (literal.getValue() instanceof String text) {
                elements.add(new Element.Text(file, place(literal), text));
            }
            return null;
        }

        @Override
        public @Nullable Void visitAnnotation(AnnotationTree annotation, @Nullable Void unused) {
            String name = annotation.getAnnotationType().toString();
            elements.add(new Element.Annotation(file, place(annotation), name));
            return super.visitAnnotation(annotation, null);
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void unused) {
            elements.add(
                    new Element.Call(file, place(call), call.getMethodSelect().toString()));
            return super.visitMethodInvocation(call, null);
        }

        private String place(Tree tree) {
            return file + ":" + line(positions.getStartPosition(unit, tree));
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
