package dev.ctxmem.core;

import org.jspecify.annotations.Nullable;

/// What a namespace is made from. A missing `name` is the slug.
public record NewNamespace(
        String slug, String name, @Nullable String description) {
    public NewNamespace {
        Text.slug(slug);
        Text.line(name, "/name", 0, Limits.NAME_CHARACTERS_MAX);
        if (description != null) {
            Text.paragraph(description, "/description", 0, Limits.DESCRIPTION_CHARACTERS_MAX);
        }
    }

    public static NewNamespace of(String slug) {
        return new NewNamespace(slug, slug, null);
    }
}
