import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Removes from jars the files whose path matches a regular expression: `java Slim.java REGEX JAR…`. What stays is
/// copied as it is, without compressing it again.
void main(String[] arguments) throws IOException {
    for (String jar : List.of(arguments).subList(1, arguments.length)) {
        try (FileSystem files = FileSystems.newFileSystem(Path.of(jar));
                Stream<Path> paths = Files.walk(files.getPath("/"))) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                if (path.toString().matches(arguments[0])) {
                    Files.delete(path);
                }
            }
        }
    }
}
