package dev.ctxmem.billing;

import dev.ctxmem.core.Json;
import java.util.Optional;

/// Reads Stripe's objects; what is absent, null or of another type is empty.
final class StripeJson {
    private StripeJson() {}

    static Optional<Json> member(Json object, String name) {
        return object.isObject()
                ? Optional.ofNullable(object.members().get(name)).filter(value -> !value.isNull())
                : Optional.empty();
    }

    static Optional<String> text(Json object, String name) {
        return member(object, name).filter(Json::isString).map(Json::asString);
    }

    /// A whole number of at most 12 digits, like a time in seconds.
    static Optional<Long> number(Json object, String name) {
        return member(object, name)
                .map(Json::text)
                .filter(text -> text.matches("\\d{1,12}"))
                .map(Long::valueOf);
    }

    /// The id of an object that stands as its id, or expanded.
    static Optional<String> reference(Json object, String name) {
        return text(object, name).or(() -> member(object, name).flatMap(expanded -> text(expanded, "id")));
    }
}
