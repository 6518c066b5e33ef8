package dev.ctxmem.embed.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.embed.openai.FakeService.Reply;
import dev.ctxmem.embed.openai.FakeService.Request;
import dev.ctxmem.memory.EmbeddingModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiEmbedderTest {
    private final List<Duration> pauses = new ArrayList<>();
    private FakeService service;
    private OpenAiEmbedder embedder;

    @BeforeEach
    void open() throws IOException {
        service = new FakeService();
        embedder = new OpenAiEmbedder(service.settings(), pauses::add);
    }

    @AfterEach
    void close() {
        embedder.close();
        service.close();
    }

    private MemoryException failure() {
        var failure = assertThrows(MemoryException.class, () -> embedder.embedQueries(List.of("a question")));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTellsNoSecret(failure);
        return failure;
    }

    private static void assertTellsNoSecret(Throwable failure) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        for (String secret : List.of(FakeService.KEY, "canary", "a question", "poison")) {
            assertFalse(trace.toString().contains(secret), trace.toString());
        }
    }

    @Test
    void vectors_comeInTheOrderOfTheTextsAndHaveLengthOne() {
        List<float[]> vectors = embedder.embedQueries(List.of("a", "bbbbbbbb", "cccc"));
        assertEquals(3, vectors.size());
        assertTrue(vectors.get(0)[0] < vectors.get(2)[0] && vectors.get(2)[0] < vectors.get(1)[0]);
        for (float[] vector : vectors) {
            assertEquals(FakeService.DIMENSION, vector.length);
            assertEquals(
                    1,
                    IntStream.range(0, vector.length)
                            .mapToDouble(i -> vector[i] * vector[i])
                            .sum(),
                    1e-5);
        }
    }

    @Test
    void aRequest_hasModelAndKeyAndNoMore() {
        embedder.embedQueries(List.of("a"));
        assertEquals(
                List.of(new Request("Bearer " + FakeService.KEY, "fake-model", List.of("a"), Optional.empty())),
                service.requests());
    }

    @Test
    void manyTexts_goInSeveralRequests() {
        List<String> texts =
                IntStream.range(0, 70).mapToObj(i -> "x".repeat(i + 1)).toList();
        List<List<float[]>> vectors = embedder.embedPassages(texts);
        assertEquals(70, vectors.size());
        assertEquals(
                List.of(32, 32, 6),
                service.requests().stream().map(r -> r.input().size()).toList());
        for (int i = 1; i < vectors.size(); i++) {
            assertTrue(vectors.get(i).getFirst()[0] > vectors.get(i - 1).getFirst()[0]);
        }
    }

    @Test
    void aLongPassage_hasAVectorForEachOfItsParts() {
        List<List<float[]>> vectors = embedder.embedPassages(List.of("short", "long ".repeat(1000), "short"));
        assertEquals(1, vectors.get(0).size());
        assertEquals(4, vectors.get(1).size());
        assertEquals(1, vectors.get(2).size());
        assertEquals(1, embedder.embedQueries(List.of("long ".repeat(1000))).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 529, 429, 408})
    void whatMayPass_isTriedAgain(int status) {
        service.answering(Reply.status(status), Reply.status(status));
        assertEquals(1, embedder.embedQueries(List.of("a question")).size());
        assertEquals(3, service.requests().size());
        assertEquals(List.of(Duration.ofMillis(250), Duration.ofMillis(500)), pauses);
    }

    @Test
    void whatDoesNotPass_isAFailure() {
        service.answering(Reply.status(500), Reply.status(503), Reply.status(500));
        assertTrue(failure().detail().contains("answered 500"));
        assertEquals(EmbeddingsHttp.ATTEMPTS_MAX, service.requests().size());
    }

    @Test
    void aBusyService_isAskedAgainWhenItSays() {
        service.answering(Reply.status(429, "Retry-After", "2"), Reply.status(503, "retry-after-ms", "40"));
        assertEquals(1, embedder.embedQueries(List.of("a question")).size());
        assertEquals(List.of(Duration.ofSeconds(2), Duration.ofMillis(40)), pauses);
    }

    @Test
    void aServiceThatIsBusyForLong_isNotWaitedFor() {
        service.answering(Reply.status(429, "Retry-After", "3600"));
        assertEquals(Optional.of(Duration.ofHours(1)), failure().retryAfter());
        assertEquals(List.of(), pauses);
        assertEquals(1, service.requests().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 301, 202, 418})
    void whatWillNotPass_isNotTriedAgain(int status) {
        service.answering(Reply.status(status, "Location", "http://127.0.0.1:1/elsewhere"));
        assertTrue(failure().detail().contains(String.valueOf(status)));
        assertEquals(1, service.requests().size());
    }

    @Test
    void aWrongKey_isToldFromAWrongPath() {
        service.answering(Reply.status(401), Reply.status(404));
        assertTrue(failure().detail().contains("OPENAI_API_KEY"));
        assertTrue(failure().detail().contains("EMBEDDING_MODEL"));
    }

    @Test
    void aHangingService_isLeftAfterTheTimeout() {
        service.answering(Reply.hanging());
        assertTrue(failure().detail().contains("did not answer in 500 ms"));
        assertEquals(1, service.requests().size());
    }

    @Test
    void anAnswerThatTrickles_isLeftAfterTheTimeout() {
        service.answering(Reply.trickling());
        assertTrue(failure().detail().contains("did not answer in 500 ms"));
    }

    @Test
    void aConnectionThatBreaks_isTriedAgain() {
        service.answering(Reply.reset());
        assertEquals(1, embedder.embedQueries(List.of("a question")).size());
        service.answering(Reply.reset(), Reply.reset(), Reply.reset());
        assertTrue(failure().detail().contains("cannot be reached"));
    }

    @Test
    void nobodyListening_isAFailure() {
        service.close();
        assertTrue(failure().detail().contains("cannot be reached (ConnectException)"));
    }

    @Test
    void anEndlessAnswer_isNotReadToItsEnd() {
        service.answering(Reply.endless(), Reply.endless(), Reply.endless());
        failure();
    }

    static Stream<String> answersOfNoUse() {
        return Stream.of(
                "<html><body>canary: please log in</body></html>",
                "",
                "null",
                "[]",
                "{}",
                "{\"data\":[]}",
                "{\"data\":null}",
                "{\"data\":[{\"index\":0}]}",
                "{\"data\":[{\"index\":0,\"embedding\":null}]}",
                "{\"data\":[{\"index\":0,\"embedding\":\"AACAPw==\"}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,1,1,NaN,1,1,1,1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,1,1,1e999,1,1,1,1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,1,1,null,1,1,1,1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[0,0,0,0,0,0,0,0]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,1,1]}]}",
                "{\"data\":[{\"index\":1,\"embedding\":[1,1,1,1,1,1,1,1]}]}",
                "{\"data\":[{\"index\":-1,\"embedding\":[1,1,1,1,1,1,1,1]}]}",
                "{\"data\":[{\"index\":99999999999,\"embedding\":[1,1,1,1,1,1,1,1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,1,1,1,1,1,1,1]},"
                        + "{\"index\":0,\"embedding\":[1,1,1,1,1,1,1,1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,1,1,1,1,1,1,1]",
                "[".repeat(100_000));
    }

    @ParameterizedTest
    @MethodSource("answersOfNoUse")
    void anAnswerThatIsNotWhatWasAskedFor_isAFailure(String body) {
        // Twice: vectors of another dimension are asked for once more, with the dimension.
        service.answering(Reply.body(_ -> body), Reply.body(_ -> body));
        failure();
    }

    @Test
    void fewerVectorsThanTexts_areAFailure() {
        service.answering(Reply.body(request -> Reply.vectors(2, FakeService.DIMENSION, request)));
        var failure = assertThrows(MemoryException.class, () -> embedder.embedQueries(List.of("a", "b", "c")));
        assertTrue(failure.detail().contains("2 vectors for 3 texts"), failure.detail());
    }

    @Test
    void vectorsWithoutAnIndex_countByTheirOrder() {
        service.answering(
                Reply.body(_ -> "{\"data\":[{\"embedding\":[3,0,0,0,0,0,0,4]},{\"embedding\":[0,1,0,0,0,0,0,0]}]}"));
        List<float[]> vectors = embedder.embedQueries(List.of("a", "b"));
        assertEquals(0.8f, vectors.get(0)[7], 1e-6f);
        assertEquals(1, vectors.get(1)[1], 1e-6f);
    }

    /// Answers 400 to any request with a text that contains "poison".
    private static Reply refusingPoison() {
        return (service, exchange, request) -> {
            boolean poisoned = request.input().stream().anyMatch(text -> text.contains("poison"));
            (poisoned ? Reply.status(400) : Reply.good()).send(service, exchange, request);
        };
    }

    @Test
    void aTextThatIsRefused_willNeverWork() {
        Reply[] replies = new Reply[20];
        Arrays.fill(replies, refusingPoison());
        service.answering(replies);
        assertTellsNoSecret(assertThrows(
                IllegalArgumentException.class, () -> embedder.embedPassages(List.of("good", "poison", "fine"))));
        assertEquals(List.of("good"), service.requests().get(1).input());
        assertEquals(2, embedder.embedPassages(List.of("good", "fine")).size());
    }

    /// Our guess of the service's window was too large.
    @Test
    void aTextThatIsTooLongForTheService_isEmbeddedByItsBeginning() {
        Reply shortTextsOnly = (service, exchange, request) -> {
            boolean tooLong = request.input().stream().anyMatch(text -> text.length() > 500);
            (tooLong ? Reply.status(413) : Reply.good()).send(service, exchange, request);
        };
        service.answering(shortTextsOnly, shortTextsOnly, shortTextsOnly);
        assertEquals(
                1,
                embedder.embedPassages(List.of("word ".repeat(240))).getFirst().size());
        assertEquals(
                List.of(1200, 600, 300),
                service.requests().stream()
                        .map(r -> r.input().getFirst().length())
                        .toList());
    }

    @Test
    void theDimension_isLearntFromTheService() {
        try (var unknown = new OpenAiEmbedder(service.settings(Optional.empty()), pauses::add)) {
            assertEquals(new EmbeddingModel("fake-model", FakeService.DIMENSION), unknown.model());
            assertEquals(new EmbeddingModel("fake-model", FakeService.DIMENSION), unknown.model());
            assertEquals(1, service.requests().size());
        }
    }

    @Test
    void theDimensionOfAServiceThatIsDown_isAskedForAgain() {
        try (var unknown = new OpenAiEmbedder(service.settings(Optional.empty()), pauses::add)) {
            service.answering(Reply.status(401));
            assertThrows(MemoryException.class, unknown::model);
            assertEquals(FakeService.DIMENSION, unknown.model().dimension());
        }
    }

    @Test
    void aDimensionTooLargeForTheStores_isToldApart() {
        try (var unknown = new OpenAiEmbedder(service.settings(Optional.empty()), pauses::add)) {
            service.answering(Reply.body(request -> Reply.vectors(1, 3072, request)));
            var failure = assertThrows(MemoryException.class, unknown::model);
            assertTrue(failure.detail().contains("EMBEDDING_DIMENSIONS"), failure.detail());
        }
    }

    @Test
    void aDimensionThatIsNotTheModelsOwn_isAskedFor() {
        try (var shorter = new OpenAiEmbedder(service.settings(Optional.of(4)), pauses::add)) {
            assertEquals(4, shorter.embedQueries(List.of("a")).getFirst().length);
            assertEquals(4, shorter.embedQueries(List.of("b")).getFirst().length);
            assertEquals(
                    List.of(Optional.empty(), Optional.of(4), Optional.of(4)),
                    service.requests().stream().map(Request::dimensions).toList());
        }
    }

    @Test
    void openAisModels_haveTheirDimensionWithoutAsking() {
        var nowhere = URI.create("http://127.0.0.1:1/v1");
        for (String model : List.of("text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002")) {
            var settings = new OpenAiSettings(
                    nowhere, Optional.empty(), model, Optional.empty(), OpenAiSettings.Timeouts.DEFAULT);
            try (var openAi = new OpenAiEmbedder(settings, pauses::add)) {
                assertEquals(new EmbeddingModel(model, 1536), openAi.model());
            }
            assertEquals(model.endsWith("large"), settings.asksForDimensions());
        }
    }
}
