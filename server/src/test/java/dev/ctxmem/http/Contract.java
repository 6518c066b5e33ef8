package dev.ctxmem.http;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `api/openapi.yaml`, and whether an answer is what it says.
final class Contract {
    private static final String LOCATION = "https://contract.test/openapi.json";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

    private final JsonNode document;
    private final SchemaRegistry schemas;
    private final Map<String, Schema> byPointer = new ConcurrentHashMap<>();

    Contract() {
        var mapper = new JsonMapper();
        try (InputStream file = Objects.requireNonNull(Contract.class.getResourceAsStream("/openapi.yaml"))) {
            Object tree = new Load(LoadSettings.builder()
                            .setMaxAliasesForCollections(1000)
                            .build())
                    .loadFromInputStream(file);
            document = mapper.valueToTree(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(Map.of(LOCATION, mapper.writeValueAsString(document))));
    }

    /// Every `METHOD /path/{template}`.
    Set<String> operations() {
        var operations = new TreeSet<String>();
        document.at("/paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(METHODS::contains)
                        .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /// What is wrong with the answer to `operation`, as in [#operations]; a null one is a request that no route
    /// answers.
    List<String> violations(@Nullable String operation, Reply reply) {
        if (reply.status() >= 400) {
            return reply.isProblem()
                    ? problems(schema("/components/schemas/Problem").validate(reply.text(), InputFormat.JSON))
                    : List.of("an error that is no problem: " + reply);
        }
        if (operation == null) {
            return List.of();
        }
        String[] words = operation.split(" ", -1);
        String responses = "/paths/" + escape(words[1]) + "/" + words[0].toLowerCase(Locale.ROOT) + "/responses";
        JsonNode response = document.at(responses + "/" + reply.status());
        if (response.isMissingNode()) {
            return List.of(operation + " may not answer " + reply.status());
        }
        String type = Objects.requireNonNull(reply.header("content-type")).split(";", -1)[0];
        if (response.at("/content/" + escape(type)).isMissingNode()) {
            return List.of(operation + " may not answer with " + type);
        }
        if (!type.equals("application/json")) {
            return List.of();
        }
        String pointer = responses + "/" + reply.status() + "/content/" + escape(type) + "/schema";
        JsonNode schema = document.at(pointer);
        String reference = schema.path("$ref").asString("");
        return problems(schema(reference.isEmpty() ? pointer : reference.substring(1))
                .validate(reply.text(), InputFormat.JSON));
    }

    private Schema schema(String pointer) {
        return byPointer.computeIfAbsent(
                pointer, absent -> schemas.getSchema(SchemaLocation.of(LOCATION + "#" + absent)));
    }

    private static List<String> problems(List<Error> errors) {
        return errors.stream().map(Error::toString).toList();
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
