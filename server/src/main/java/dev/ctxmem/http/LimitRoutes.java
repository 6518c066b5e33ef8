package dev.ctxmem.http;

import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.Tiers;

/// `/v1/limits`: what a caller may send, and what each tier allows.
final class LimitRoutes {
    private final Tiers tiers;

    LimitRoutes(Tiers tiers) {
        this.tiers = tiers;
    }

    Answer limits(Call call) {
        var json = new JsonWriter().beginObject().name("limits").beginObject();
        json.member("body_bytes", Limits.BODY_BYTES_MAX)
                .member("value_bytes", Limits.VALUE_BYTES_MAX)
                .member("metadata_bytes", Limits.METADATA_BYTES_MAX)
                .member("json_depth", Limits.JSON_DEPTH_MAX)
                .member("json_tokens", Limits.JSON_TOKENS_MAX)
                .member("json_name_characters", Limits.JSON_NAME_CHARACTERS_MAX)
                .member("number_characters", Limits.NUMBER_CHARACTERS_MAX)
                .member("number_exponent", Limits.NUMBER_EXPONENT_MAX)
                .member("key_characters", Limits.KEY_CHARACTERS_MAX)
                .member("key_bytes", Limits.KEY_BYTES_MAX)
                .member("slug_characters", Limits.SLUG_CHARACTERS_MAX)
                .member("name_characters", Limits.NAME_CHARACTERS_MAX)
                .member("description_characters", Limits.DESCRIPTION_CHARACTERS_MAX)
                .member("email_characters", Limits.EMAIL_CHARACTERS_MAX)
                .member("tags", Limits.TAGS_MAX)
                .member("tag_characters", Limits.TAG_CHARACTERS_MAX)
                .member("query_characters", Limits.QUERY_CHARACTERS_MAX)
                .member("cursor_characters", Limits.CURSOR_CHARACTERS_MAX)
                .member("page", Limits.PAGE_MAX)
                .member("keys_per_account", Limits.KEYS_PER_ACCOUNT_MAX)
                .member("url_bytes", Limits.URL_BYTES_MAX)
                .member("headers_bytes", Limits.HEADERS_BYTES_MAX)
                .member("vector_dimensions", Limits.VECTOR_DIMENSIONS_MAX)
                .member("ttl_seconds_min", Limits.TTL_MIN.toSeconds())
                .member("ttl_seconds_max", Limits.TTL_MAX.toSeconds())
                .endObject();
        json.name("tiers").beginObject();
        for (Tier tier : Tier.values()) {
            tier(json.name(tier.wireName()), tiers.of(tier));
        }
        return Answer.ok(json.endObject().endObject());
    }

    private static void tier(JsonWriter json, TierLimits limits) {
        json.beginObject()
                .member("namespaces", limits.namespaces())
                .member("entries", limits.entries())
                .member("requests_per_month", limits.requestsPerMonth())
                .member("requests_per_minute", limits.requestsPerMinute())
                .endObject();
    }
}
