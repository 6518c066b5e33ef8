package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Question;
import java.util.List;

/// A question and the keys that were found, best first.
record Ranked(Question question, List<String> keys) {}
