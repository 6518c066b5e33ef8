package dev.ctxmem;

import dev.ctxmem.config.DatabaseConfig;
import dev.ctxmem.config.DatabaseUrl;
import dev.ctxmem.config.StoreConfig;
import dev.ctxmem.http.Metrics;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.memory.Words;
import dev.ctxmem.store.CannotOpenStoreException;
import dev.ctxmem.store.lucene.LuceneIndex;
import dev.ctxmem.store.postgres.PostgresSettings;
import dev.ctxmem.store.postgres.PostgresStore;
import dev.ctxmem.store.sqlite.SqliteSettings;
import dev.ctxmem.store.sqlite.SqliteStore;
import dev.ctxmem.store.sqlite.StoreAlarms;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Consumer;

/// The store in use: in the data directory, or in PostgreSQL. What only one of them needs or has stays in here.
sealed interface StoreParts extends AutoCloseable {
    MemoryStore memories();

    AccountStore accounts();

    BillingStore billing();

    /// What hands out and takes the whole store.
    Archive archive();

    /// Exports, imports and backups of it.
    ///
    /// @param running whether this process serves the store now
    Transfers transfers(boolean running, String version, InstantSource clock);

    /// What moves the store to another embedding model.
    Generations generations();

    /// The generated pepper, made on first use, the same for all instances.
    byte[] pepper();

    /// Whether other instances use the store, too.
    boolean isShared();

    /// Makes room for the vectors of the model in use.
    void adapt(EmbeddingModel model);

    /// What must be done now and then; may take minutes.
    void maintain();

    void register(Metrics metrics);

    @Override
    default void close() {
        memories().close();
    }

    /// Where a store keeps files. Beside PostgreSQL these are copies that may be lost: any directory will do.
    static DataFiles files(StoreConfig config) {
        return config.database().isPresent() ? DataFiles.scratch(config) : DataFiles.prepare(config);
    }

    /// [CannotOpenStoreException].
    static StoreParts open(
            StoreConfig config,
            DataFiles files,
            Words words,
            InstantSource clock,
            UuidV7 ids,
            Consumer<Throwable> fatal) {
        return config.database().isPresent()
                ? Postgres.open(config.database().get(), words, ids)
                : Embedded.open(config, files, words, clock, ids, fatal);
    }

    private static void damaged(UUID entry, long version) {
        System.getLogger(StoreParts.class.getName())
                .log(Level.ERROR, "Version " + version + " of entry " + entry + " is damaged on disk.");
    }

    /// SQLite and Lucene in the data directory.
    record Embedded(SqliteStore store, DataFiles files) implements StoreParts {
        private static final Logger LOG = System.getLogger(StoreParts.class.getName());

        static Embedded open(
                StoreConfig config,
                DataFiles files,
                Words words,
                InstantSource clock,
                UuidV7 ids,
                Consumer<Throwable> fatal) {
            System.setProperty("org.sqlite.tmpdir", files.natives().toString());
            LuceneIndex index = openIndex(files, words);
            try {
                var store = new SqliteStore(
                        config.dataDirectory(), index, words, clock, ids, alarms(fatal), SqliteSettings.DEFAULT);
                return new Embedded(store, files);
            } catch (RuntimeException e) {
                index.close();
                throw e;
            }
        }

        @Override
        public MemoryStore memories() {
            return store;
        }

        @Override
        public AccountStore accounts() {
            return store;
        }

        @Override
        public BillingStore billing() {
            return store;
        }

        @Override
        public Archive archive() {
            return store;
        }

        @Override
        public Transfers transfers(boolean running, String version, InstantSource clock) {
            var kind = new Transfers.Kind("embedded", store::copyTo, this::adapt);
            return new Transfers(store, store, files, running, kind, version, clock);
        }

        @Override
        public Generations generations() {
            return store;
        }

        @Override
        public byte[] pepper() {
            return files.pepper();
        }

        @Override
        public boolean isShared() {
            return false;
        }

        @Override
        public void adapt(EmbeddingModel model) {}

        @Override
        public void maintain() {}

        @Override
        public void register(Metrics metrics) {
            AppMetrics.register(metrics, store);
        }

        /// The index is locked by its server, too, and is opened first.
        private static LuceneIndex openIndex(DataFiles files, Words words) {
            try {
                return LuceneIndex.open(files.index(), words);
            } catch (UncheckedIOException e) {
                throw new CannotOpenStoreException(
                        "The data directory " + files.path()
                                + " is in use by another process, or cannot be read and written.",
                        e);
            }
        }

        private static StoreAlarms alarms(Consumer<Throwable> fatal) {
            return new StoreAlarms() {
                @Override
                public void writesStopped(Throwable cause) {
                    LOG.log(Level.ERROR, "The store cannot write any more; the server stops.", cause);
                    fatal.accept(cause);
                }

                @Override
                public void damaged(UUID entryId, long version) {
                    StoreParts.damaged(entryId, version);
                }

                @Override
                public void indexFailed(Throwable cause) {
                    LOG.log(Level.WARNING, "The search index failed and is rebuilt from the records.", cause);
                }
            };
        }
    }

    /// PostgreSQL, which other instances use as well.
    record Postgres(PostgresStore store) implements StoreParts {
        /// The database's clock is everybody's.
        static Postgres open(DatabaseConfig config, Words words, UuidV7 ids) {
            var settings = PostgresSettings.of(
                    credentials(config.url()),
                    credentials(config.migrations()),
                    config.connections(),
                    config.allowUnsafe());
            if (config.replica().isPresent()) {
                settings = settings.withReplica(credentials(config.replica().get()));
            }
            return new Postgres(new PostgresStore(settings, words, null, ids, StoreParts::damaged));
        }

        @Override
        public MemoryStore memories() {
            return store;
        }

        @Override
        public AccountStore accounts() {
            return store;
        }

        @Override
        public BillingStore billing() {
            return store;
        }

        @Override
        public Archive archive() {
            return store.archive();
        }

        @Override
        public Transfers transfers(boolean running, String version, InstantSource clock) {
            var kind = new Transfers.Kind("postgresql", null, this::adapt);
            return new Transfers(archive(), store, new StoredPepper(store), running, kind, version, clock);
        }

        @Override
        public Generations generations() {
            return store.generations();
        }

        @Override
        public byte[] pepper() {
            return new StoredPepper(store).getOrMake();
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public void adapt(EmbeddingModel model) {
            store.adapt(model);
        }

        @Override
        public void maintain() {
            store.maintain();
        }

        @Override
        public void register(Metrics metrics) {
            AppMetrics.register(metrics, store);
        }

        private static PostgresSettings.Credentials credentials(DatabaseUrl url) {
            return new PostgresSettings.Credentials(
                    url.jdbc(), url.user().orElse(null), url.password().orElse(null));
        }
    }
}
