package dev.ctxmem.embed;

import dev.ctxmem.memory.Embedder;
import dev.ctxmem.memory.EmbeddingModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Loads the embedder that an operator wrote: a public class with a public constructor that takes the
/// environment as a `Map<String, String>`, or nothing. Its jars come after the server's own classes.
final class EmbedderPlugins {
    private EmbedderPlugins() {}

    /// Throws [IllegalArgumentException] with a sentence for the operator when there is no such class, or it is
    /// not one that can be used, or its constructor fails.
    static Embedder load(EmbeddingProvider.Plugin plugin) {
        var loader = new URLClassLoader(
                "plugins",
                plugin.jars().stream().map(EmbedderPlugins::url).toArray(URL[]::new),
                EmbedderPlugins.class.getClassLoader());
        try {
            return new Loaded(create(plugin, loader), loader);
        } catch (IllegalArgumentException e) {
            close(loader);
            throw e;
        }
    }

    private static Embedder create(EmbeddingProvider.Plugin plugin, ClassLoader loader) {
        String name = plugin.className();
        try {
            Class<?> type = Class.forName(name, true, loader);
            if (!Embedder.class.isAssignableFrom(type)) {
                throw new IllegalArgumentException(
                        "The class " + name + " does not implement " + Embedder.class.getName() + ".");
            }
            if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
                throw new IllegalArgumentException("The class " + name + " must be public and not abstract.");
            }
            Optional<Constructor<?>> withEnvironment = constructor(type, Map.class);
            if (withEnvironment.isPresent()) {
                return (Embedder) withEnvironment.get().newInstance(plugin.environment());
            }
            return (Embedder) constructor(type)
                    .orElseThrow(() -> new IllegalArgumentException("The class " + name
                            + " has no public constructor without arguments" + " or with a Map<String, String>."))
                    .newInstance();
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "There is no class " + name + " in " + (plugin.jars().isEmpty() ? "CTX_PLUGINS" : plugin.jars())
                            + "; EMBEDDING_PROVIDER is local, openai, none, or the full name of a class there.",
                    e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("The constructor of " + name + " failed.", e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalArgumentException("The class " + name + " cannot be used: " + e, e);
        }
    }

    private static Optional<Constructor<?>> constructor(Class<?> type, Class<?>... parameters) {
        try {
            return Optional.of(type.getConstructor(parameters));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    private static URL url(Path jar) {
        if (!Files.exists(jar)) {
            throw new IllegalArgumentException("CTX_PLUGINS names " + jar + ", which does not exist.");
        }
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("CTX_PLUGINS names " + jar + ", which cannot be opened.", e);
        }
    }

    private static void close(URLClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The plugins cannot be closed.", e);
        }
    }

    /// A plugin that closes its jars along with itself.
    private record Loaded(Embedder embedder, URLClassLoader loader) implements Embedder {
        @Override
        public EmbeddingModel model() {
            return embedder.model();
        }

        @Override
        public List<List<float[]>> embedPassages(List<String> texts) {
            return embedder.embedPassages(texts);
        }

        @Override
        public List<float[]> embedQueries(List<String> texts) {
            return embedder.embedQueries(texts);
        }

        @Override
        public void close() {
            embedder.close();
            EmbedderPlugins.close(loader);
        }
    }
}
