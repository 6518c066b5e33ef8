package dev.ctxmem.cli;

import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// What the commands on the whole store have in common: the bar while it lasts, and what is told at the end.
final class TaskCommand {
    private static final int BAR_CHARACTERS = 30;
    private static final int PERCENT = 100;

    private TaskCommand() {}

    /// Runs the task; throws why it failed. `done` is the sentence of success.
    static void run(Session session, StoreTask task, String done) {
        TaskStatus status;
        try (Operator operator = session.verbs.operator()) {
            status = operator.run(task, now -> draw(session, now));
        }
        if (session.terminal && !session.json()) {
            session.output.ask("\r\u001b[K");
        }
        status.require();
        Json document =
                Json.parseAnswer(status.writeTo(new JsonWriter().beginObject().name("task"))
                        .endObject()
                        .toUtf8());
        session.show(document, out -> {
            String counts = status.counts().entrySet().stream()
                    .filter(count -> count.getValue() > 0)
                    .map(count -> count.getValue() + " " + count.getKey())
                    .collect(Collectors.joining(", "));
            out.line(done + (counts.isEmpty() ? "" : ": " + counts) + ".");
            status.notes().forEach(note -> out.note(Printable.line(note)));
        });
    }

    /// The path as the server needs it, which has another working directory.
    static String absolute(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }

    private static void draw(Session session, TaskStatus status) {
        if (!session.terminal || session.json() || status.state() != TaskStatus.State.RUNNING) {
            return;
        }
        long percent = status.total() == 0 ? 0 : Math.min(PERCENT, status.done() * PERCENT / status.total());
        int full = (int) (percent * BAR_CHARACTERS / PERCENT);
        session.output.ask("\r\u001b[K[" + "#".repeat(full) + "-".repeat(BAR_CHARACTERS - full) + "] " + percent + " % "
                + Printable.line(status.step()));
    }
}
