package dev.ctxmem.http;

import dev.ctxmem.core.MemoryException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parameters behind the `?` of a URL, decoded, in their order. Unknown ones are nobody's business.
final class Query {
    static final Query EMPTY = new Query(List.of());

    private final List<Parameter> parameters;

    private Query(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    /// Throws MALFORMED_ENCODING.
    static Query parse(String raw) {
        var parameters = new ArrayList<Parameter>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters.add(new Parameter(PercentEncoding.decodeQuery(name), PercentEncoding.decodeQuery(value)));
            }
        }
        return new Query(parameters);
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /// The values of a parameter that may repeat.
    List<String> all(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name.equals(name))
                .map(Parameter::value)
                .toList();
    }

    /// INVALID_VALUE when it is there more than once: which one counts would be a guess.
    @Nullable
    String one(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw MemoryException.invalid("/" + name, "is given more than once");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /// INVALID_VALUE for what is not a whole number of at most nine digits.
    int number(String name, int fallback) {
        String value = one(name);
        if (value == null) {
            return fallback;
        }
        if (!value.matches("-?[0-9]{1,9}")) {
            throw MemoryException.invalid("/" + name, "must be a whole number within the limits");
        }
        return Integer.parseInt(value);
    }

    /// Null when it is absent; INVALID_VALUE for what no account's revision can be.
    @Nullable
    Long revision(String name) {
        String value = one(name);
        if (value != null && !value.matches("[0-9]{1,18}")) {
            throw MemoryException.invalid("/" + name, "must be a revision: a whole number, 0 or more");
        }
        return value == null ? null : Long.valueOf(value);
    }

    /// One `name=value`.
    record Parameter(String name, String value) {}
}
