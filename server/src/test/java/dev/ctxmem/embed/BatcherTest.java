package dev.ctxmem.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.embed.FakeEmbedder.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatcherTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final UUID ACCOUNT = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final UUID OTHER_ACCOUNT = UUID.fromString("00000000-0000-0000-0000-000000000002");

    private final FakeEmbedder embedder = new FakeEmbedder();
    private final FakeTicker ticker = new FakeTicker();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private Batcher batcher = start(1, 8, 10_000);

    private Batcher start(int threads, int texts, int characters) {
        return Batcher.start(embedder, new Batching(threads, texts, characters), ticker);
    }

    private void restart(int threads, int texts, int characters) {
        batcher.close();
        batcher = start(threads, texts, characters);
    }

    @AfterEach
    void close() {
        embedder.letAll();
        batcher.close();
        callers.close();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private Future<Optional<List<float[]>>> passage(String text) {
        return callers.submit(() -> batcher.passage(text, LONG));
    }

    private Future<Optional<float[]>> query(String text) {
        return callers.submit(() -> batcher.query(ACCOUNT, text, LONG));
    }

    private Future<List<List<float[]>>> backlog(String... texts) {
        return callers.submit(() -> batcher.backlog(List.of(texts)));
    }

    private List<List<String>> textsOfCalls() {
        return embedder.calls().stream().map(Call::texts).toList();
    }

    /// Has the one thread stand still in a call, with these texts waiting behind it.
    private List<Future<?>> queueBehindAStandstill(List<Future<?>> waiting) {
        await(() -> batcher.statistics().queued() == waiting.size());
        return waiting;
    }

    private void standStill() {
        embedder.stop();
        var _ = passage("standstill");
        embedder.awaitCalls(1);
    }

    @Test
    void everyText_getsItsVector() throws Exception {
        assertArrayEquals(FakeEmbedder.vector("a"), query("a").get().orElseThrow());
        assertArrayEquals(
                FakeEmbedder.vector("bb"), passage("bb").get().orElseThrow().getFirst());
        List<List<float[]>> vectors = backlog("ccc", "dddd").get();
        assertArrayEquals(FakeEmbedder.vector("ccc"), vectors.get(0).getFirst());
        assertArrayEquals(FakeEmbedder.vector("dddd"), vectors.get(1).getFirst());
        assertEquals(4, batcher.statistics().embedded());
    }

    @Test
    void calls_comeFromPlatformThreads() throws Exception {
        passage("a").get();
        assertFalse(embedder.calls().getFirst().thread().isVirtual());
    }

    @Test
    void whatWaits_goesInOneCall() throws Exception {
        standStill();
        var waiting = new ArrayList<Future<?>>();
        for (int i = 0; i < 10; i++) {
            waiting.add(passage("text"));
        }
        queueBehindAStandstill(waiting);
        embedder.letAll();
        for (Future<?> each : waiting) {
            each.get();
        }
        assertEquals(List.of(1, 8, 2), textsOfCalls().stream().map(List::size).toList());
    }

    @Test
    void aCall_isBoundedInCharacters() throws Exception {
        restart(1, 8, 100);
        standStill();
        List<Future<?>> waiting = queueBehindAStandstill(List.of(
                backlog("x".repeat(60)), backlog("y".repeat(30)), backlog("z".repeat(30)), backlog("w".repeat(500))));
        embedder.letAll();
        for (Future<?> each : waiting) {
            each.get();
        }
        for (List<String> texts : textsOfCalls()) {
            assertTrue(texts.size() == 1 || String.join("", texts).length() <= 100);
        }
    }

    @Test
    void questions_goBeforeWritesAndWritesBeforeTheBacklog() throws Exception {
        standStill();
        List<Future<?>> waiting = queueBehindAStandstill(List.of(backlog("later"), passage("soon"), query("now")));
        embedder.letAll();
        for (Future<?> each : waiting) {
            each.get();
        }
        assertEquals(List.of(List.of("standstill"), List.of("now"), List.of("soon"), List.of("later")), textsOfCalls());
    }

    @Test
    void theBacklog_leavesAThreadToThoseWhoWait() throws Exception {
        restart(2, 1, 10_000);
        embedder.stop();
        var _ = backlog("one", "two", "three");
        embedder.awaitCalls(1);
        var _ = query("now");
        embedder.awaitCalls(1);
        assertEquals(List.of(List.of("one"), List.of("now")), textsOfCalls());
    }

    @Test
    void aDeadline_ends() {
        standStill();
        assertEquals(Optional.empty(), batcher.passage("late", SHORT));
        assertEquals(Optional.empty(), batcher.query(ACCOUNT, "late", SHORT));
        assertEquals(0, batcher.statistics().queued());
        assertEquals(2, batcher.statistics().late());
        embedder.letAll();
        assertTrue(batcher.passage("in time", LONG).isPresent());
        assertFalse(textsOfCalls().contains(List.of("late")));
    }

    @Test
    void aFullQueue_isToldAtOnce() {
        standStill();
        var waiting = new ArrayList<Future<?>>();
        for (int i = 0; i < Lanes.PASSAGES_MIN; i++) {
            waiting.add(passage("text"));
        }
        queueBehindAStandstill(waiting);
        assertEquals(Optional.empty(), batcher.passage("one too many", LONG));
        assertEquals(1, batcher.statistics().refused());
        embedder.letAll();
    }

    @Test
    void aWrite_doesNotWaitBehindTooManyCharacters() {
        restart(1, 8, 100);
        standStill();
        queueBehindAStandstill(List.of(
                passage("x".repeat(90)), passage("x".repeat(90)), passage("x".repeat(90)), passage("x".repeat(90))));
        assertEquals(Optional.empty(), batcher.passage("x".repeat(90), LONG));
        embedder.letAll();
    }

    @Test
    void aWriteThatIsLongerThanACall_doesNotWait() {
        restart(1, 8, 100);
        assertEquals(Optional.empty(), batcher.passage("x".repeat(101), LONG));
        assertEquals(1, batcher.backlog(List.of("x".repeat(101))).size());
    }

    @Test
    void whatSearchesWait_isAddedUp() throws Exception {
        standStill();
        Future<Optional<float[]>> first = query("a");
        await(() -> batcher.statistics().queued() == 1);
        ticker.advance(Duration.ofSeconds(2));
        embedder.letAll();
        first.get();
        query("a").get();
        assertEquals(Duration.ofSeconds(2), batcher.statistics().questionWait());
    }

    @Test
    void aQuestion_isRememberedForItsAccount() throws Exception {
        float[] vector = query("again").get().orElseThrow();
        assertArrayEquals(vector, query("again").get().orElseThrow());
        assertEquals(1, embedder.calls().size());
        assertEquals(1, batcher.statistics().cacheHits());
        assertTrue(batcher.query(OTHER_ACCOUNT, "again", LONG).isPresent());
        assertEquals(2, embedder.calls().size());
    }

    @Test
    void aQuestionAnsweredTooLate_isRememberedToo() {
        embedder.stop();
        assertEquals(Optional.empty(), batcher.query(ACCOUNT, "slow", SHORT));
        embedder.letAll();
        batcher.backlog(List.of("what comes after it"));
        assertTrue(batcher.query(ACCOUNT, "slow", LONG).isPresent());
        assertEquals(2, embedder.calls().size());
    }

    @Test
    void aPoisonedText_doesNotHarmItsNeighbours() throws Exception {
        standStill();
        Future<Optional<List<float[]>>> poisoned = passage(FakeEmbedder.POISON);
        List<Future<Optional<List<float[]>>>> others =
                IntStream.range(0, 6).mapToObj(i -> passage("fine")).toList();
        await(() -> batcher.statistics().queued() == 7);
        embedder.letAll();
        assertEquals(Optional.empty(), poisoned.get());
        for (Future<Optional<List<float[]>>> other : others) {
            assertTrue(other.get().isPresent());
        }
        assertEquals(0, batcher.statistics().failures());
    }

    @Test
    void aPoisonedTextOfTheBacklog_isToldApart() {
        assertThrows(IllegalArgumentException.class, () -> batcher.backlog(List.of("fine", FakeEmbedder.POISON)));
        assertThrows(IllegalArgumentException.class, () -> batcher.backlog(List.of(FakeEmbedder.POISON)));
        assertEquals(1, batcher.backlog(List.of("fine")).size());
    }

    @Test
    void nobodyGivesUpOnATextWhileEveryTextFails() {
        for (RuntimeException each :
                List.of(new IllegalStateException("down"), new IllegalArgumentException("set up wrong"))) {
            embedder.fail(each);
            assertThrows(MemoryException.class, () -> batcher.backlog(List.of("text")));
        }
        embedder.recover();
        assertEquals(1, batcher.backlog(List.of("text")).size());
    }

    @Test
    void aFailureOfOneTextAlone_isThatTexts() {
        embedder.distort(vectors -> vectors.getFirst()[0] == FakeEmbedder.vector("hello")[0] ? vectors : List.of());
        assertThrows(IllegalStateException.class, () -> batcher.backlog(List.of("odd one")));
    }

    @Test
    void anAnswerThatIsNotWhatWasAskedFor_isAFailure() {
        List<UnaryOperator<List<float[]>>> distortions = List.of(
                vectors -> List.of(),
                vectors -> List.of(new float[] {1, 0, 0}),
                vectors -> List.of(new float[] {Float.NaN, 0, 0, 0}),
                vectors -> List.of(new float[] {2, 0, 0, 0}),
                vectors -> List.of(new float[] {1, 0, 0, 0}, new float[] {1, 0, 0, 0}),
                vectors -> List.of(new float[4]));
        for (int i = 0; i < distortions.size(); i++) {
            restart(1, 1, 100);
            embedder.distort(distortions.get(i));
            assertEquals(Optional.empty(), batcher.passage("text", LONG), "distortion " + i);
            assertEquals(Optional.empty(), batcher.query(ACCOUNT, "text", LONG), "distortion " + i);
            assertEquals(2, batcher.statistics().failures());
            embedder.recover();
        }
    }

    private void failUntilTheCircuitOpens() {
        embedder.fail(new IllegalStateException("down"));
        for (int i = 0; i < Circuit.FAILURES_MAX; i++) {
            assertFalse(batcher.statistics().circuitOpen());
            assertEquals(Optional.empty(), batcher.passage("text", LONG));
        }
        assertTrue(batcher.statistics().circuitOpen());
    }

    @Test
    void aProviderThatFails_isNotWaitedFor() {
        failUntilTheCircuitOpens();
        int calls = embedder.calls().size();
        assertEquals(Optional.empty(), batcher.passage("text", LONG));
        assertEquals(Optional.empty(), batcher.query(ACCOUNT, "text", LONG));
        assertEquals(calls, embedder.calls().size());
        assertEquals(2, batcher.statistics().refused());
    }

    @Test
    void aProviderThatIsBack_isFoundWithoutACallersHelp() {
        failUntilTheCircuitOpens();
        ticker.advance(Circuit.OPEN_MIN);
        assertEquals(Optional.empty(), batcher.query(ACCOUNT, "still down", LONG));
        await(() -> embedder.calls().size() == Circuit.FAILURES_MAX + 1);
        embedder.recover();
        // Time goes on while the failed probe is still being noted.
        await(() -> {
            ticker.advance(Circuit.OPEN_MIN);
            return batcher.query(ACCOUNT, "back", LONG).isPresent()
                    && batcher.passage("back", LONG).isPresent();
        });
        assertFalse(batcher.statistics().circuitOpen());
    }

    @Test
    void aProviderThatAsksForTime_getsIt() {
        embedder.fail(MemoryException.retryLater(ErrorCode.UNAVAILABLE, "busy", Duration.ofSeconds(20)));
        assertEquals(Optional.empty(), batcher.passage("text", LONG));
        assertTrue(batcher.statistics().circuitOpen());
    }

    @Test
    void lateWrites_doNotKeepQuestionsFromBeingAsked() {
        restart(2, 1, 100);
        embedder.stop();
        for (int i = 0; i < Circuit.FAILURES_MAX; i++) {
            assertEquals(Optional.empty(), batcher.passage("late", SHORT));
        }
        assertTrue(batcher.statistics().circuitOpen());
        embedder.letAll();
        assertTrue(batcher.query(ACCOUNT, "in time", LONG).isPresent());
        assertEquals(Optional.empty(), batcher.passage("refused", LONG));
    }

    @Test
    void anError_doesNotEndTheThread() {
        embedder.fail(new NoClassDefFoundError("a plugin without one of its jars"));
        assertEquals(Optional.empty(), batcher.passage("text", LONG));
        assertThrows(MemoryException.class, () -> batcher.backlog(List.of("text")));
        embedder.recover();
        assertTrue(batcher.passage("text", LONG).isPresent());
    }

    @Test
    void aModelThatIsNotKnownAtTheStart_isLearntLater() {
        embedder.fail(new FakeEmbedder.UnknownModel());
        restart(1, 8, 100);
        assertTrue(batcher.isConfigured());
        assertEquals(Optional.empty(), batcher.model());
        assertEquals(Optional.empty(), batcher.passage("text", LONG));
        embedder.recover();
        assertTrue(batcher.passage("text", LONG).isPresent());
        assertEquals(Optional.of(FakeEmbedder.MODEL), batcher.model());
    }

    @Test
    void manyTextsOfTheBacklog_comeInOrder() {
        List<String> texts = IntStream.range(0, 150).mapToObj("x"::repeat).toList();
        List<List<float[]>> vectors = batcher.backlog(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertArrayEquals(FakeEmbedder.vector(texts.get(i)), vectors.get(i).getFirst());
        }
    }

    @Test
    void close_endsEveryWait() throws Exception {
        standStill();
        Future<Optional<List<float[]>>> written = passage("text");
        Future<List<List<float[]>>> later = backlog("text");
        await(() -> batcher.statistics().queued() == 2);
        Future<?> closing = callers.submit(batcher::close);
        assertEquals(Optional.empty(), written.get());
        assertInstanceOf(
                MemoryException.class,
                assertThrows(ExecutionException.class, later::get).getCause());
        assertFalse(embedder.isClosed());
        embedder.letAll();
        closing.get();
        assertTrue(embedder.isClosed());
        assertFalse(embedder.calls().getFirst().thread().isAlive());
        assertEquals(Optional.empty(), batcher.passage("text", LONG));
        assertThrows(MemoryException.class, () -> batcher.backlog(List.of("text")));
    }
}
