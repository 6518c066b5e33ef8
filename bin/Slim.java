import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/// Prepares jars for the distribution: `java Slim.java REMOVED UNPACKED DIRECTORY JAR…`. Removes the files whose
/// path matches the regular expression REMOVED, writes those that match UNPACKED to the directory as well, and gives
/// classes older than Java 6 the stack maps and the version that the JVM's AOT cache asks for. What else is there
/// stays as it is, and is not compressed again.
void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[2]));
    for (String jar : List.of(arguments).subList(3, arguments.length)) {
        var urls = new URL[] {Path.of(jar).toUri().toURL()};
        try (var classes = new URLClassLoader(urls);
                FileSystem files = FileSystems.newFileSystem(Path.of(jar));
                Stream<Path> paths = Files.walk(files.getPath("/"))) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                if (path.toString().matches(arguments[0])) {
                    Files.delete(path);
                } else if (path.toString().matches(arguments[1])) {
                    Path file = directory.resolve(path.getFileName().toString());
                    Files.copy(path, file, StandardCopyOption.REPLACE_EXISTING);
                } else if (path.toString().endsWith(".class")) {
                    modernize(path, classes);
                }
            }
        }
    }
}

static final int MAJOR_VERSION_AT = 6;

void modernize(Path path, ClassLoader classes) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    if (ByteBuffer.wrap(bytes).getShort(MAJOR_VERSION_AT) >= ClassFile.JAVA_6_VERSION) {
        return;
    }
    var hierarchy = ClassHierarchyResolver.ofResourceParsing(classes).orElse(ClassHierarchyResolver.defaultResolver());
    var tool = ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS, ClassFile.ClassHierarchyResolverOption.of(hierarchy));
    Files.write(path, tool.transformClass(tool.parse(bytes), (builder, element) -> {
        switch (element) {
            case ClassFileVersion _ -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
            case MethodModel method ->
                builder.transformMethod(method, MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL));
            default -> builder.with(element);
        }
    }));
}
