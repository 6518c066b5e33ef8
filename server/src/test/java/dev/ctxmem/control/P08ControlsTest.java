package dev.ctxmem.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class P08ControlsTest {
    @TempDir
    Path home;

    @Test
    void sqlite() {
        AccountPredicates.of("sqlite").forEach((k,v)->System.out.println("sqlite "+k+": "+v.bug()));
        AccountPredicates.of("postgres").forEach((k,v)->System.out.println("postgres "+k+": "+v.bug()));if(Boolean.getBoolean("list"))return;all("sqlite", "store.sqlite.SqliteStoreTest/Isolation");
    }

    @Test
    void postgres() {
        all("postgres", "store.postgres.PostgresStoreTest/Isolation");
    }

    private void all(String store, String tests) {
        try (var process = new ControlProcess(home)) {
            System.out.println(process.run(tests));
            for (Map.Entry<String, Mutant> one : AccountPredicates.of(store).entrySet()) {
                long start = System.nanoTime();
                Verdict v = process.run(tests, one.getValue());
                System.out.println((System.nanoTime() - start) / 1000000 + " ms " + v.kind() + " " + store + " " + one.getKey() + " "
                        + one.getValue().bug() + " " + v.detail());
            }
        }
    }
}
