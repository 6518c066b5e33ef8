package dev.ctxmem.store.postgres;

import dev.ctxmem.store.postgres.PostgresSettings.Credentials;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The PostgreSQL store under the contract, behind a real PgBouncer in transaction mode, with flat indexes.
class PooledStoreTest extends PostgresStoreTest {
    private static final int CONNECTIONS = 12;

    private static @Nullable PgBouncer bouncer;

    @BeforeAll
    static void startBouncer() {
        bouncer = new PgBouncer(TestDatabase.KIT.url());
    }

    @AfterAll
    static void stopBouncer() {
        if (bouncer != null) {
            bouncer.close();
        }
    }

    @Override
    PostgresSettings settings(TestDatabase database) {
        var credentials = new Credentials(bouncer.url(database.url()), null, null);
        return PostgresSettings.of(credentials, credentials, CONNECTIONS, true)
                .withWaitMax(Duration.ofMinutes(1))
                .withFlat(TestDatabase.FLAT);
    }
}
