package dev.ctxmem.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TokenTest {
    private final Token token = Token.generate(RandomGenerator.of("L64X128MixRandom"));

    @Test
    void aGeneratedTokenIsParsedBack() {
        assertEquals(token.id(), Token.parse(token.text()).orElseThrow().id());
        assertTrue(token.text().matches("ctx_[0-9A-Za-z]{12}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}"));
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        for (int i = 4; i < token.text().length(); i++) {
            if (token.text().charAt(i) != '_') {
                var changed = new StringBuilder(token.text());
                changed.setCharAt(i, changed.charAt(i) == 'x' ? 'y' : 'x');
                assertTrue(Token.parse(changed.toString()).isEmpty(), changed.toString());
            }
        }
    }

    @Test
    void keysInsertedByHandAreNotOfOurForm() {
        assertFalse(Token.looksLike("ctx_your-secret-key"));
        assertFalse(Token.looksLike(""));
        assertEquals("your-secret-key", Token.secretOf("ctx_your-secret-key"));
    }

    @Test
    void printingATokenHidesItsSecret() {
        assertFalse(token.toString().contains(token.text().substring(20, 40)));
    }
}
