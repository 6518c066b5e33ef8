package dev.ctxmem.bench.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.App;
import dev.ctxmem.bench.Crew;
import dev.ctxmem.bench.quality.TestSet.Passage;
import dev.ctxmem.bench.quality.TestSet.Question;
import dev.ctxmem.bench.quality.TestSet.Shelf;
import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.config.Config;
import dev.ctxmem.core.NewNamespace;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A trial on a whole server, searching by words alone.
class TrialTest {
    private static final TestSet GARDEN = new TestSet(
            "garden",
            List.of(
                    new Shelf(
                            "North_1",
                            List.of(
                                    new Passage("a", "The roses are watered on Mondays."),
                                    new Passage("b", "Tools hang behind the shed."),
                                    new Passage("c", "The gate squeaks.")),
                            List.of(
                                    new Question("q1", "When are the roses watered?", Set.of("a"), List.of("water")),
                                    new Question("q2", "Why is the moon bright?", Set.of("c"), List.of()))),
                    new Shelf("south", List.of(new Passage("a", "Roses, watered on Mondays too.")), List.of())),
            List.of(Measure.any(1)),
            List.of("water"));

    @TempDir
    private Path directory = Path.of("");

    private App app;
    private HttpMemories memories;

    @BeforeEach
    void start() {
        Map<String, String> environment = Map.of(
                "CTX_DATA_DIR", directory.toString(), "PORT", "0", "HOST", "127.0.0.1", "EMBEDDING_PROVIDER", "none");
        Config config = Config.read(Map.of(), environment, directory);
        app = App.start(config, "test", InstantSource.system(), cause -> {});
        memories = new HttpMemories(
                Endpoint.at(app.localUrl().toString()), app.localKey().orElseThrow());
    }

    @AfterEach
    void stop() {
        memories.close();
        app.close();
    }

    @Test
    void run_reportsRankingsRatesAndWhatTheThresholdKeepsAndCuts() {
        List<Figure> figures = new Trial(memories, GARDEN, new Crew(2)).run();
        assertEquals(0.5, value(figures, "all", "any@1"));
        assertEquals(1, value(figures, "water", "any@1"));
        assertEquals(0.5, value(figures, "all", "relevant kept at 0.7"));
        assertEquals(1, value(figures, "water", "relevant kept at 0.7"));
        assertEquals(1, value(figures, "all", "same topic cut at 0.7"));
        assertEquals(0, value(figures, "water", "other topic cut at 0.7"));
        assertTrue(value(figures, "all", "imports/s") > 0);
        assertTrue(value(figures, "all", "searches/s") > 0);
    }

    @Test
    void clear_leavesOtherNamespacesAlone() {
        memories.createNamespace(NewNamespace.of("bench-other"));
        var trial = new Trial(memories, GARDEN, new Crew(1));
        trial.run();
        assertEquals(3, memories.namespaces().size());
        trial.clear();
        assertEquals("bench-other", memories.namespaces().getFirst().slug());
        assertEquals(1, memories.namespaces().size());
    }

    private static double value(List<Figure> figures, String group, String measure) {
        return figures.stream()
                .filter(figure ->
                        figure.group().equals(group) && figure.measure().equals(measure))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
