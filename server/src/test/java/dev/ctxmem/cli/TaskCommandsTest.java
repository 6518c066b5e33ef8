package dev.ctxmem.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskCommandsTest {
    private Shell shell;

    @BeforeEach
    void open(@TempDir Path home) {
        shell = new Shell(home);
    }

    @Test
    void options_becomeTheTask() {
        String file = Path.of("x.ctx").toAbsolutePath().toString();
        shell.outcomes.add(status(TaskStatus.State.DONE, 2, null, null));
        shell.ctx("export", "x.ctx");
        shell.ctx("export", "--with-pepper", file);
        shell.ctx("import", file, "--dry-run");
        shell.ctx("backup", file);
        shell.ctx("restore", "--force", "--with-pepper", file);
        assertEquals(
                List.of(
                        new StoreTask.Export(file, false),
                        new StoreTask.Export(file, true),
                        new StoreTask.Import(file, false, true),
                        new StoreTask.Backup(file, false),
                        new StoreTask.Restore(file, true, true, false)),
                shell.tasks);
        assertTrue(shell.operatorClosed);
    }

    @Test
    void theEnd_isToldInOneLineWithNotes() {
        shell.outcomes.add(status(TaskStatus.State.DONE, 2, null, null));
        Shell.Run run = shell.ctx("export", "x.ctx");
        assertEquals("Exported: 3 entries, 1 keys.\n", run.out());
        assertEquals("Keep it.\n", run.err());
        assertEquals(0, run.exitCode());
    }

    @Test
    void onATerminal_aBarShowsHowFarItIs() {
        shell.terminal = true;
        shell.outcomes.add(status(TaskStatus.State.RUNNING, 1, null, null));
        shell.outcomes.add(status(TaskStatus.State.DONE, 2, null, null));
        Shell.Run run = shell.ctx("backup", "x.ctx");
        assertTrue(run.err().contains("[###############---------------] 50 % writing"), run.err());
    }

    @Test
    void withJson_theTaskItselfIsPrinted() {
        shell.outcomes.add(status(TaskStatus.State.DONE, 2, null, null));
        Shell.Run run = shell.ctx("import", "x.ctx", "--json");
        assertTrue(run.out().startsWith("{\"task\":{\"id\":"), run.out());
        assertTrue(run.out().contains("\"counts\":{\"entries\":3,\"versions\":0,\"keys\":1}"), run.out());
    }

    @Test
    void aFailure_isAnErrorWithItsExitCode() {
        shell.outcomes.add(status(TaskStatus.State.FAILED, 0, ErrorCode.ALREADY_EXISTS, "The store holds accounts."));
        Shell.Run run = shell.ctx("restore", "x.ctx");
        assertEquals(ExitCode.CONFLICT.number(), run.exitCode());
        assertTrue(run.err().startsWith("error: The store holds accounts.\n"), run.err());
        assertEquals("", run.out());
    }

    private static TaskStatus status(
            TaskStatus.State state, long done, @Nullable ErrorCode code, @Nullable String detail) {
        var counts = new LinkedHashMap<String, Long>();
        counts.put("entries", 3L);
        counts.put("versions", 0L);
        counts.put("keys", 1L);
        return new TaskStatus(
                new UUID(0, 1), "export", state, "writing", done, 2, counts, List.of("Keep it."), code, detail);
    }
}
