package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.Accounts;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Peppers;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.SignupRule;
import dev.ctxmem.memory.Tiers;
import dev.ctxmem.memory.UuidV7;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;

/// What the self-hosting guide tells an operator to run in the database, and `schema.sql`.
class GuideSqlTest {
    private static final Path SCHEMA = Path.of("..", "schema.sql");
    private static final Path MIGRATIONS = Path.of("src", "main", "resources", "dev", "ctxmem", "store", "postgres");

    private static PostgresStore open(TestDatabase database) {
        return OpenStores.open(database.settings(), null);
    }

    @Test
    void anAccountAndAKeyInsertedByHand_workAtOnce_andTheKeyIsHashedAnew() {
        try (TestDatabase database = TestDatabase.create();
                PostgresStore store = open(database)) {
            String account = database.query("""
                    INSERT INTO accounts (email, name, tier)
                    VALUES ('admin@local', 'Admin', 'team')
                    RETURNING id;
                    """).getFirst();
            database.execute("""
                    INSERT INTO api_keys (account_id, key_hash, key_prefix, name)
                    VALUES (
                      '%s',
                      encode(sha256('your-secret-key'), 'hex'),
                      'ctx_',
                      'default'
                    );
                    """.formatted(account));
            var random = new SecureRandom();
            Peppers peppers = Peppers.resolve(null, null, () -> new byte[32], store, new ArrayList<>());
            var accounts = new Accounts(
                    store,
                    peppers,
                    SignupRule.FIRST,
                    new Tiers(Tiers.defaults(), Tier.TEAM),
                    InstantSource.system(),
                    new UuidV7(InstantSource.system(), random),
                    random);

            Principal principal = accounts.authenticate("ctx_your-secret-key", "req_test");

            assertEquals(account, principal.account().toString());
            assertEquals(
                    "notes",
                    store.createNamespace(principal, NewNamespace.of("notes"), OpenStores.UNLIMITED)
                            .slug());
            assertEquals(
                    List.of("f"),
                    database.query("select key_hash = encode(sha256('your-secret-key'), 'hex') from api_keys"));
            assertEquals(
                    account,
                    accounts.authenticate("ctx_your-secret-key", "req_test")
                            .account()
                            .toString());
        }
    }

    @Test
    void theIndexAndTheColumnOfTheGuide_canBeMadeAndChanged() {
        try (TestDatabase database = TestDatabase.create();
                PostgresStore store = open(database)) {
            assertEquals(List.of("vector(1536)"), database.query(COLUMN));
            database.execute("""
                    CREATE INDEX ON entries
                    USING hnsw (embedding vector_cosine_ops)
                    WITH (m = 16, ef_construction = 64);
                    """);
            database.execute("ALTER TABLE entries ALTER COLUMN embedding TYPE vector(384);");
            assertEquals(List.of("vector(384)"), database.query(COLUMN));

            store.adapt(new EmbeddingModel("another", 768));

            assertEquals(List.of("vector(768)"), database.query(COLUMN));
        }
    }

    private static final String COLUMN = """
            select format_type(atttypid, atttypmod) from pg_attribute
            where attrelid = 'entries'::regclass and attname = 'embedding'
            """;

    @Test
    void severalInstances_mayStartAtOnce_onAnEmptyDatabase() {
        try (TestDatabase database = TestDatabase.create()) {
            List<String> peppers = IntStream.range(0, 4)
                    .parallel()
                    .mapToObj(i -> {
                        try (PostgresStore store = open(database)) {
                            return store.settingOrElse("pepper", "of instance " + i);
                        }
                    })
                    .toList();

            assertEquals(1, peppers.stream().distinct().count(), peppers.toString());
            assertEquals(
                    List.of("1"), database.query("select count(*) from flyway_schema_history where version = '1'"));
        }
    }

    @Test
    void schemaSql_isWrittenFromTheMigrations_andTheServerStartsOnIt() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            String expected = schema(database);
            Path written = Files.writeString(Path.of("target", "schema.sql"), expected);
            assertEquals(expected, Files.readString(SCHEMA), "Copy " + written.toAbsolutePath() + " to schema.sql");
            database.execute(expected);
            try (PostgresStore store = open(database)) {
                store.ping();
            }
            assertTrue(Migrations.flyway(new Direct(database.settings().migrations()))
                    .load()
                    .validateWithResult()
                    .validationSuccessful);
        }
    }

    /// The migrations one after the other, and the list that says that they have been run.
    private static String schema(TestDatabase database) throws Exception {
        var schema = new StringBuilder("""
                -- Written from the migrations: psql $DATABASE_URL < schema.sql, then start the server. An empty database will do
                -- as well: the server then makes the same by itself.

                create table flyway_schema_history (
                    installed_rank integer not null constraint flyway_schema_history_pk primary key,
                    version varchar(50),
                    description varchar(200) not null,
                    type varchar(20) not null,
                    script varchar(1000) not null,
                    checksum integer,
                    installed_by varchar(100) not null,
                    installed_on timestamp not null default now(),
                    execution_time integer not null,
                    success boolean not null
                );
                create index flyway_schema_history_s_idx on flyway_schema_history (success);
                """);
        int rank = 0;
        for (MigrationInfo migration : Migrations.flyway(
                        new Direct(database.settings().migrations()))
                .load()
                .info()
                .all()) {
            rank++;
            assertEquals(String.valueOf(rank), migration.getVersion().getVersion());
            schema.append("\n").append(Files.readString(MIGRATIONS.resolve(migration.getScript())));
            schema.append("""

                    insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by,
                        execution_time, success)
                    values (%d, '%s', '%s', 'SQL', '%s', %d, current_user, 0, true);
                    """.formatted(
                            rank,
                            migration.getVersion(),
                            migration.getDescription(),
                            migration.getScript(),
                            migration.getChecksum()));
        }
        assertEquals(Migrations.VERSION, rank);
        return schema.toString();
    }
}
