package dev.ctxmem.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The values of every [Key] by precedence: flags, then the environment, then `.env`, then the default. Reading
/// a value that is wrong notes a problem and gives the default, so that all problems are told at once.
final class Settings {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private final Map<Key, String> values = new EnumMap<>(Key.class);
    private final List<String> problems;

    Settings(
            Map<String, String> flags,
            Map<String, String> environment,
            Map<String, String> dotEnv,
            List<String> problems) {
        this.problems = problems;
        take(dotEnv, ".env");
        take(environment, "the environment");
        for (Key key : Key.values()) {
            String flag = flags.get(key.flag());
            if (flag != null) {
                values.put(key, flag);
            }
        }
        flags.keySet().stream()
                .filter(flag ->
                        Arrays.stream(Key.values()).noneMatch(key -> key.flag().equals(flag)))
                .forEach(flag -> problems.add("Unknown option " + flag + "; see 'ctx serve --help'."));
    }

    private void take(Map<String, String> source, String where) {
        source.forEach((name, value) -> {
            Optional<Key> key = Key.named(name);
            if (key.isPresent()) {
                if (value.isBlank()) {
                    values.remove(key.get());
                } else {
                    values.put(key.get(), value.strip());
                }
            } else if (Key.OWN_PREFIXES.stream().anyMatch(name::startsWith)) {
                problems.add("Unknown name " + name + " in " + where + "; did you mean " + Key.nearest(name) + "?");
            }
        });
    }

    Optional<String> text(Key key) {
        return Optional.ofNullable(values.get(key)).or(key::defaultText);
    }

    /// For a key that has a default.
    String required(Key key) {
        return text(key).orElseThrow();
    }

    Optional<Integer> number(Key key, int min, int max) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= min && number <= max) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // told below
        }
        problems.add(key + " must be a number from " + min + " to " + max + ".");
        return key.defaultText().map(Integer::valueOf);
    }

    Duration duration(Key key, Duration min, Duration max) {
        Matcher matcher = DURATION.matcher(required(key));
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofHours(count);
            };
            if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                return duration;
            }
        }
        problems.add(key + " must be a time from " + min.toMillis() + "ms to " + max.toMillis()
                + "ms, written like 500ms, 2s or 1m.");
        return max;
    }

    /// The choice's name is compared without regard to case.
    <E extends Enum<E>> E choice(Key key, Class<E> type) {
        String text = required(key);
        for (E choice : type.getEnumConstants()) {
            if (choice.name().equalsIgnoreCase(text)) {
                return choice;
            }
        }
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                .toList();
        problems.add(key + " must be one of " + String.join(", ", names) + ".");
        return type.getEnumConstants()[0];
    }

    boolean flag(Key key) {
        String text = required(key);
        if (!text.equals("true") && !text.equals("false")) {
            problems.add(key + " must be true or false.");
        }
        return text.equals("true");
    }

    /// A comma-separated list without blanks.
    List<String> list(Key key) {
        return text(key).stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /// Problems noted so far.
    List<String> problems() {
        return new ArrayList<>(problems);
    }
}
