package dev.ctxmem.bench.load;

import java.util.SplittableRandom;

/// What clients ask for.
enum Scenario {
    HEALTH,
    /// An entry by its key.
    GET,
    /// A new key each time.
    PUT,
    /// Ten hits without a threshold.
    SEARCH,
    /// 70 % get, 15 % search, 15 % put.
    MIXED;

    private static final int GET_PERCENT = 70;
    private static final int SEARCH_PERCENT = 15;
    private static final int PERCENT = 100;

    Scenario next(SplittableRandom random) {
        if (this != MIXED) {
            return this;
        }
        int choice = random.nextInt(PERCENT);
        if (choice < GET_PERCENT) {
            return GET;
        }
        return choice < GET_PERCENT + SEARCH_PERCENT ? SEARCH : PUT;
    }
}
