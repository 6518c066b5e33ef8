package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The members of a request's body, read by name and type. An absent member and a null one are the same, unless
/// a method says otherwise. Each method throws INVALID_VALUE with the member's pointer for a wrong type.
record Fields(Map<String, Json> members) {
    /// Whether the member is there, null included.
    boolean has(String name) {
        return members.containsKey(name);
    }

    /// The first of two names that is there; the first one when neither is.
    String either(String name, String alias) {
        return has(name) || !has(alias) ? name : alias;
    }

    /// Any JSON, null included; INVALID_VALUE when it is absent.
    Json any(String name) {
        Json value = members.get(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    String string(String name) {
        String value = optionalString(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    @Nullable
    String optionalString(String name) {
        Json value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(name, "a string");
        }
        return value.asString();
    }

    List<String> strings(String name) {
        Json value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || !value.elements().stream().allMatch(Json::isString)) {
            throw wrong(name, "an array of strings");
        }
        return value.elements().stream().map(Json::asString).toList();
    }

    Json object(String name) {
        Json value = value(name);
        if (value == null) {
            return Json.EMPTY_OBJECT;
        }
        if (!value.isObject()) {
            throw wrong(name, "an object");
        }
        return value;
    }

    boolean flag(String name) {
        Json value = value(name);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.text().equals("true");
    }

    double number(String name, double fallback) {
        Json value = value(name);
        if (value == null) {
            return fallback;
        }
        if (!value.isNumber()) {
            throw wrong(name, "a number");
        }
        return Double.parseDouble(value.text());
    }

    /// A whole number, in whatever notation; numbers beyond a `long` are brought down to its ends, for the
    /// check of the range to refuse.
    @Nullable
    Long whole(String name) {
        Json value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw wrong(name, "a whole number");
        }
        var number = new BigDecimal(value.text());
        if (number.stripTrailingZeros().scale() > 0) {
            throw wrong(name, "a whole number");
        }
        return number.max(BigDecimal.valueOf(Long.MIN_VALUE))
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    int whole(String name, int fallback) {
        Long value = whole(name);
        return value == null ? fallback : Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /// A 422 that points at a member.
    static MemoryException wrong(String name, String expected) {
        return MemoryException.invalid("/" + name, "must be " + expected);
    }

    private @Nullable Json value(String name) {
        Json value = members.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static MemoryException missing(String name) {
        return MemoryException.invalid(ErrorCode.INVALID_VALUE, "/" + Objects.requireNonNull(name), "is required");
    }
}
