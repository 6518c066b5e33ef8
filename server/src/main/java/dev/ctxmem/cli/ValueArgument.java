package dev.ctxmem.cli;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.TimeToLive;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What is typed for a value, read.
final class ValueArgument {
    private ValueArgument() {}

    /// The text meant by `argument`: the standard input for `-`, a file for `@FILE`, `@…` for `@@…`, else
    /// itself.
    static String text(String argument, InputStream in) {
        try {
            if (argument.equals("-")) {
                return decoded(in, "The standard input");
            }
            if (argument.startsWith("@@")) {
                return argument.substring(1);
            }
            if (argument.startsWith("@")) {
                try (var file = Files.newInputStream(Path.of(argument.substring(1)))) {
                    return decoded(file, "The file");
                }
            }
            return argument;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// JSON for what begins like an object or an array and parses; a string for everything else.
    static Json guessed(String text) {
        String start = text.stripLeading();
        if (start.startsWith("{") || start.startsWith("[")) {
            try {
                return Json.parse(text);
            } catch (MemoryException e) {
                if (e.code() != ErrorCode.MALFORMED_JSON) {
                    throw e;
                }
            }
        }
        return Json.string(text);
    }

    static Json json(String text) {
        try {
            return Json.parse(text);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.MALFORMED_JSON) {
                throw e;
            }
            throw CommandException.usage(
                    "The value is not JSON. " + e.detail(), "Leave --json-value out to store text.");
        }
    }

    /// Seconds, or a number with one of the units s, m, h, d; `none` for no expiry.
    static TimeToLive timeToLive(String text) {
        if (text.equals("none")) {
            return TimeToLive.NEVER;
        }
        int end = text.length() - 1;
        long unit = end < 0
                ? 0
                : switch (text.charAt(end)) {
                    case 's' -> 1;
                    case 'm' -> 60;
                    case 'h' -> 3600;
                    case 'd' -> 86_400;
                    default -> 0;
                };
        try {
            return TimeToLive.seconds(
                    unit == 0
                            ? Long.parseLong(text)
                            : Math.multiplyExact(Long.parseLong(text.substring(0, end)), unit));
        } catch (NumberFormatException | ArithmeticException e) {
            throw CommandException.usage(
                    "'" + text + "' is no time to live.", "Give seconds, a number with s, m, h or d, or 'none'.");
        }
    }

    /// One line break at the end belongs to the pipe or the file, not to the value: `ctx get` adds it again.
    private static String decoded(InputStream in, String what) throws IOException {
        byte[] bytes = in.readNBytes(Limits.BODY_BYTES_MAX + 1);
        if (bytes.length > Limits.BODY_BYTES_MAX) {
            throw MemoryException.invalid(
                    ErrorCode.VALUE_TOO_LARGE, "/value", "is larger than " + Limits.VALUE_BYTES_MAX + " bytes of JSON");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int length = text.length();
            if (text.endsWith("\r\n")) {
                length -= 2;
            } else if (text.endsWith("\n")) {
                length--;
            }
            return text.substring(0, length);
        } catch (CharacterCodingException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    what + " is not UTF-8 text.",
                    "Values are JSON; encode other bytes, say in base64.");
        }
    }
}
