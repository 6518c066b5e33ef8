package dev.ctxmem.cli;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.FieldError;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// How a failure is told: `error:` what happened, `hint:` what to do, and the exit code.
final class Failures {
    private static final String HYPHEN_HINT = "Put '--' before a value that begins with a hyphen. ";

    private final Output output;

    Failures(Output output) {
        this.output = output;
    }

    int usage(ParameterException failure) {
        String help = "See '" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help'.";
        if (failure instanceof UnmatchedArgumentException unmatched) {
            output.error(message(unmatched), hint(unmatched) + help);
        } else {
            boolean hyphens = !failure.getCommandLine().getUnmatchedArguments().isEmpty();
            output.error(String.valueOf(failure.getMessage()), (hyphens ? HYPHEN_HINT : "") + help);
        }
        return ExitCode.USAGE.number();
    }

    int execution(Throwable failure) {
        return switch (failure) {
            case MemoryException e -> {
                output.error(message(e), hint(e));
                yield ExitCode.of(e.code()).number();
            }
            case CommandException e -> {
                output.error(String.valueOf(e.getMessage()), e.hint());
                yield e.exitCode().number();
            }
            case UncheckedIOException e -> {
                output.error(message(e), null);
                yield ExitCode.FAILED.number();
            }
            default -> {
                output.fault(failure);
                yield ExitCode.FAILED.number();
            }
        };
    }

    private static String message(UnmatchedArgumentException failure) {
        String argument = failure.getUnmatched().getFirst();
        if (failure.isUnknownOption()) {
            return "There is no option '" + argument + "'.";
        }
        return failure.getCommandLine().getSubcommands().isEmpty()
                ? "'" + argument + "' is one argument too many."
                : "There is no command '" + argument + "'.";
    }

    private static String hint(UnmatchedArgumentException failure) {
        if (!failure.getSuggestions().isEmpty()) {
            return "Did you mean " + String.join(" or ", failure.getSuggestions()) + "? ";
        }
        return failure.isUnknownOption() ? HYPHEN_HINT : "";
    }

    private static String message(MemoryException failure) {
        var message = new StringBuilder(failure.detail());
        if (failure.errors().size() > 1) {
            for (FieldError error : failure.errors()) {
                message.append("\n  ").append(error.pointer()).append(' ').append(error.message());
            }
        }
        failure.quota()
                .ifPresent(quota -> message.append(" (").append(standing(quota)).append(')'));
        return message.toString();
    }

    /// `3 of ∞`.
    static String standing(Quota quota) {
        return quota.current() + " of " + (quota.limit() == Quota.UNLIMITED ? "∞" : quota.limit());
    }

    /// The catalogue's hint, in the words of the command line where the catalogue speaks of requests.
    static @Nullable String hint(MemoryException failure) {
        ErrorCode code = failure.code();
        return switch (code) {
            case INVALID_API_KEY ->
                "Set a valid key with 'ctx config --api-key KEY'; 'ctx config --show' tells which is used.";
            case NOT_FOUND -> "List what is there with 'ctx ns list' or 'ctx ls NAMESPACE'.";
            case INVALID_VALUE -> null;
            case INVALID_CURSOR -> "Take the cursor from the page before, with the same options.";
            case RATE_LIMITED, OVERLOADED, UNAVAILABLE ->
                failure.retryAfter()
                        .map(wait -> "Try again in " + wait.toSeconds() + " s.")
                        .orElse("Try again later.");
            default -> code.hint();
        };
    }

    private static String message(UncheckedIOException failure) {
        return switch (failure.getCause()) {
            case NoSuchFileException e -> "There is no file " + e.getFile() + ".";
            case AccessDeniedException e -> "No permission for " + e.getFile() + ".";
            case null, default -> "Reading or writing failed: " + failure.getMessage();
        };
    }
}
