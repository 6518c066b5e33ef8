package dev.ctxmem.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A database and who comes, from `postgresql://user:password@host:5432/database?sslmode=require` as libpq reads it,
/// or from a JDBC URL, which is taken as it is.
public record DatabaseUrl(String jdbc, Optional<String> user, Optional<String> password) {
    private static final String JDBC = "jdbc:postgresql:";

    private static final Pattern LIBPQ = Pattern.compile(
            "postgres(?:ql)?://(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?@]*)(?:/(?<database>[^?]*))?"
                    + "(?:\\?(?<parameters>.*))?");

    /// What libpq and the driver call differently.
    private static final Map<String, String> PARAMETERS = Map.of(
            "application_name",
            "ApplicationName",
            "connect_timeout",
            "connectTimeout",
            "target_session_attrs",
            "targetServerType");

    /// Empty for what is neither.
    static Optional<DatabaseUrl> parse(String text) {
        if (text.startsWith(JDBC)) {
            return Optional.of(new DatabaseUrl(text, Optional.empty(), Optional.empty()));
        }
        Matcher url = LIBPQ.matcher(text);
        if (!url.matches() || url.group("hosts").isEmpty()) {
            return Optional.empty();
        }
        String database = Optional.ofNullable(url.group("database")).orElse("");
        String parameters = Optional.ofNullable(url.group("parameters")).orElse("");
        String jdbc = JDBC + "//" + url.group("hosts") + "/" + database
                + (parameters.isEmpty() ? "" : "?" + translated(parameters));
        return Optional.of(new DatabaseUrl(jdbc, decoded(url.group("user")), decoded(url.group("password"))));
    }

    private static String translated(String parameters) {
        return Arrays.stream(parameters.split("&", -1))
                .map(parameter -> {
                    int equals = parameter.indexOf('=');
                    String name = equals < 0 ? parameter : parameter.substring(0, equals);
                    return PARAMETERS.getOrDefault(name, name) + parameter.substring(name.length());
                })
                .collect(Collectors.joining("&"));
    }

    @SuppressWarnings("NullAway") // A group that took no part in the match is null.
    private static Optional<String> decoded(String part) {
        return Optional.ofNullable(part)
                .filter(text -> !text.isEmpty())
                .map(text -> URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    /// Never prints user, password or parameters.
    @Override
    public String toString() {
        return jdbc.replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//");
    }
}
