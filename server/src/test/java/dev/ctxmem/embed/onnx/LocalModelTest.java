package dev.ctxmem.embed.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalModelTest {
    @Test
    void named_knowsTheThreeNames() {
        assertEquals(Optional.of(LocalModel.BGE_SMALL_EN), LocalModel.named("bge-small-en-v1.5"));
        assertEquals(Optional.of(LocalModel.ALL_MINI_LM), LocalModel.named("all-minilm-l6-v2"));
        assertEquals(Optional.of(LocalModel.E5_SMALL), LocalModel.named("e5-small-v2"));
        assertEquals(Optional.empty(), LocalModel.named("bge-large"));
        assertEquals("bge-small-en-v1.5, all-MiniLM-L6-v2, e5-small-v2", LocalModel.names());
    }
}
