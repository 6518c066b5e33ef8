package dev.ctxmem.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.stripe.Stripe;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Our check of signatures, held against the one of Stripe's library.
class StripeSignatureTest {
    private static final String SECRET = "whsec_abc";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String BODY = "{\"id\":\"evt_1\",\"name\":\"Zoë\"}";

    @ParameterizedTest
    @CsvSource({"0,true", "-299,true", "-300,true", "-301,false", "-86400,false", "299,true", "301,false"})
    void whatStripeSigns_isGoodForFiveMinutes(long seconds, boolean good) {
        assertEquals(good, accepts(BODY, FakeStripe.sign(BODY, SECRET, NOW.plusSeconds(seconds))));
    }

    @Test
    void stripesLibraryAcceptsAndRefusesTheSame() throws SignatureVerificationException {
        String header = FakeStripe.sign(BODY, SECRET, NOW);
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        assertEquals(accepts(BODY, header), Webhook.Signature.verifyHeader(BODY, header, SECRET, 300, clock));
        assertThrows(
                SignatureVerificationException.class,
                () -> Webhook.Signature.verifyHeader(BODY + " ", header, SECRET, 300, clock));
        assertEquals(false, accepts(BODY + " ", header));
    }

    @Test
    void anotherSecret_isRefused() {
        assertEquals(false, accepts(BODY, FakeStripe.sign(BODY, "whsec_other", NOW)));
    }

    @Test
    void aTimeThatWasNotSigned_isRefused() {
        String old = FakeStripe.sign(BODY, SECRET, NOW.minusSeconds(1000));
        assertEquals(false, accepts(BODY, old.replaceFirst("t=\\d+", "t=" + NOW.getEpochSecond())));
    }

    @Test
    void oneGoodSignatureOfSeveral_isEnough() {
        String good = FakeStripe.sign(BODY, SECRET, NOW);
        String both = good.replace(",v1=", ",v0=00,v1=" + "0".repeat(64) + ",v1=");
        assertEquals(true, accepts(BODY, both));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "t=",
                "v1=",
                "t=1,v1=",
                "t=x,v1=00",
                "t=99999999999999999999,v1=00",
                "t=9223372036854775807,v1=0",
                ",,,=,="
            })
    void whatIsNoSignature_isRefused(@Nullable String header) {
        assertEquals(false, accepts(BODY, header));
    }

    /// The fields that are read were looked up in this version of the API.
    @Test
    void theApiVersion_isTheOneOfStripesLibrary() {
        assertEquals(Stripe.API_VERSION, StripeApi.VERSION);
    }

    private static boolean accepts(String body, @Nullable String header) {
        try {
            new StripeSignature(SECRET, InstantSource.fixed(NOW)).check(body.getBytes(StandardCharsets.UTF_8), header);
            return true;
        } catch (MemoryException e) {
            assertEquals(ErrorCode.BAD_SIGNATURE, e.code());
            return false;
        }
    }
}
