package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.AccountStore.Counts;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.BillingStore.Customer;
import dev.ctxmem.memory.BillingStore.Event;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.MemoryStore.EmbeddingBacklog;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// [Archive]: a store's whole content moves to another store and back without loss.
abstract class ArchiveContract extends StoreTopic {
    private static final YearMonth MONTH = Everything.MONTH;

    @TempDir
    Path elsewhere;

    ArchiveContract(StoreUnderTest store) {
        super(store);
    }

    @Test
    void whatOneStoreHandsOut_anotherTakesAndHandsOutAgain() {
        fill();
        ArchiveItems exported = export(archive);
        try (Stores other = store.open(elsewhere, clock)) {
            other.archive().load(exported);
            assertEquals(exported.lines(), export(other.archive()).lines());
        }
        store.verify(elsewhere);
    }

    @Test
    void afterTheMove_answersAreTheSame() {
        fill();
        ArchiveItems exported = export(archive);
        try (Stores other = store.open(elsewhere, clock)) {
            other.archive().load(exported);
            assertEquals(accounts.accounts(), other.accounts().accounts());
            assertEquals(accounts.keys(alice.account()), other.accounts().keys(alice.account()));
            assertEquals(
                    accounts.counts(alice.account(), MONTH), other.accounts().counts(alice.account(), MONTH));
            assertEquals(memories.namespaces(alice.account()), other.memories().namespaces(alice.account()));
            assertEquals(
                    memories.list(alice.account(), NOTES, List.of(), 100, null),
                    other.memories().list(alice.account(), NOTES, List.of(), 100, null));
            assertEquals(
                    memories.list(alice.account(), NOTES, List.of("red"), 100, null),
                    other.memories().list(alice.account(), NOTES, List.of("red"), 100, null));
            assertEquals(
                    memories.history(alice.account(), NOTES, "changed", 100, null),
                    other.memories().history(alice.account(), NOTES, "changed", 100, null));
            assertEquals(memories.models(), other.memories().models());
            assertEquals(new EmbeddingBacklog(1, 1), other.memories().embeddingBacklog());
            assertEquals(
                    memories.search(byMeaning(alice), Queries.BY_COSINE),
                    other.memories().search(byMeaning(alice), Queries.BY_COSINE));
            assertEquals(1, memories.search(byMeaning(alice), Queries.BY_COSINE).size());
        }
    }

    @Test
    void afterTheMove_versionsAndRevisionsGoOn() {
        fill();
        ArchiveItems exported = export(archive);
        try (Stores other = store.open(elsewhere, clock)) {
            other.archive().load(exported);
            for (String key : List.of("changed", "deleted", "gone")) {
                assertEquals(
                        save(draft(key, "next")).entry().version(),
                        other.memories()
                                .put(alice, NOTES, draft(key, "next"), NONE, UNLIMITED)
                                .entry()
                                .version(),
                        key);
            }
            assertEquals(
                    export(archive).of(ArchiveItem.OfAccount.class),
                    export(other.archive()).of(ArchiveItem.OfAccount.class));
        }
    }

    @Test
    void anArchive_isOfOneMoment() {
        put("before", "1");
        var items = new ArchiveItems(() -> put("meanwhile", "2"));
        archive.exportTo(items);
        assertEquals(
                List.of("before"),
                items.of(ArchiveItem.OfEntry.class).stream()
                        .map(ArchiveItem.OfEntry::key)
                        .toList());
        assertEquals(
                1,
                items.of(ArchiveItem.OfAccount.class).stream()
                        .filter(item -> item.account().id().equals(alice.account()))
                        .findFirst()
                        .orElseThrow()
                        .revision());
        assertEquals("2", value("meanwhile"));
    }

    @Test
    void aSourceThatFails_leavesNothing() {
        fill();
        ArchiveItems exported = export(archive);
        try (Stores other = store.open(elsewhere, clock)) {
            for (int items :
                    List.of(1, 4, exported.all().size() / 2, exported.all().size())) {
                assertThrows(
                        IllegalStateException.class,
                        () -> other.archive().load(taker -> {
                            exported.all().subList(0, items).forEach(taker);
                            throw new IllegalStateException("the file ends here");
                        }));
                assertEquals(List.of(), export(other.archive()).lines());
            }
            other.archive().load(exported);
            assertEquals(exported.lines(), export(other.archive()).lines());
        }
    }

    @Test
    void anAccountThatIsThere_isRefusedAndStaysAsItIs() {
        put("k", "theirs");
        ArchiveItems exported = export(archive);
        put("k", "mine");
        List<String> before = export(archive).lines();
        assertFails(ErrorCode.ALREADY_EXISTS, () -> archive.load(exported));
        assertEquals(before, export(archive).lines());
    }

    @Test
    void accountsOfTwoStores_canShareOne() {
        put("k", "v");
        ArchiveItems exported = export(archive);
        try (Stores other = store.open(elsewhere, clock)) {
            Principal carol = newAccount("carol@example.com", other.accounts());
            other.memories().createNamespace(carol, NewNamespace.of(NOTES), UNLIMITED);
            other.memories().put(carol, NOTES, draft("k", "carol's"), NONE, UNLIMITED);
            other.archive().load(exported);
            assertEquals(3, other.accounts().accounts().size());
            assertEquals(
                    "\"carol's\"",
                    other.memories()
                            .get(carol.account(), NOTES, "k")
                            .orElseThrow()
                            .value()
                            .text());
            assertEquals(
                    "\"v\"",
                    other.memories()
                            .get(alice.account(), NOTES, "k")
                            .orElseThrow()
                            .value()
                            .text());
        }
    }

    @Test
    void itemsOutOfOrder_areRefused() {
        put("k", "v");
        List<ArchiveItem> items = export(archive).all();
        ArchiveItem version = items.stream()
                .filter(item -> item instanceof ArchiveItem.OfVersion)
                .findFirst()
                .orElseThrow();
        try (Stores other = store.open(elsewhere, clock)) {
            assertFails(
                    ErrorCode.INVALID_VALUE,
                    () -> other.archive().load(taker -> {
                        taker.accept(version);
                        items.forEach(taker);
                    }));
            assertFails(
                    ErrorCode.INVALID_VALUE,
                    () -> other.archive().load(taker -> items.reversed().forEach(taker)));
            assertEquals(List.of(), export(other.archive()).lines());
        }
    }

    @Test
    void aLocalAccountThatHeldNothing_givesWayToTheOneOfTheArchive() {
        Principal local = newAccount(AccountStore.LOCAL_EMAIL, accounts);
        memories.createNamespace(local, NewNamespace.of("mine"), UNLIMITED);
        memories.put(local, "mine", draft("k", "v"), NONE, UNLIMITED);
        ArchiveItems exported = export(archive);
        try (Stores other = store.open(elsewhere, clock)) {
            assertTrue(other.archive().isEmpty());
            newAccount(AccountStore.LOCAL_EMAIL, other.accounts());
            assertTrue(other.archive().isEmpty());
            other.archive().load(exported);
            assertFalse(other.archive().isEmpty());
            assertEquals(exported.lines(), export(other.archive()).lines());
        }
    }

    @Test
    void whatGivesWay_isTheEmptyLocalAccountAlone() {
        Principal local = newAccount(AccountStore.LOCAL_EMAIL, accounts);
        memories.createNamespace(local, NewNamespace.of("mine"), UNLIMITED);
        ArchiveItems exported = export(archive);
        try (Stores other = store.open(elsewhere, clock)) {
            newAccount(AccountStore.LOCAL_EMAIL, other.accounts());
            Principal carol = newAccount("carol@example.com", other.accounts());
            other.memories().createNamespace(carol, NewNamespace.of(NOTES), UNLIMITED);
            other.memories().put(carol, NOTES, draft("k", "carol's"), NONE, UNLIMITED);
            other.accounts().recordUse(Map.of(), Map.of(carol.account(), 7L), MONTH);
            Customer customer = other.billing().linkCustomer(carol.account(), "cus_carol");
            other.billing()
                    .applyEvent(
                            new Event("evt_1", "customer.subscription.updated", START, clock.instant(), Tier.PRO),
                            customer,
                            Instant.EPOCH);
            Counts before = other.accounts().counts(carol.account(), MONTH);

            other.archive().load(exported);

            assertEquals(before, other.accounts().counts(carol.account(), MONTH));
            assertEquals(1, other.accounts().keys(carol.account()).size());
            assertTrue(other.billing().customer(carol.account()).isPresent());
            assertTrue(other.billing().isEventTaken("evt_1"));
            assertEquals(
                    1,
                    other.accounts().accounts().stream()
                            .filter(account -> account.email().equals(AccountStore.LOCAL_EMAIL))
                            .count());
        }
        store.verify(elsewhere);
    }

    @Test
    void aLocalAccountThatHoldsSomething_staysWhereIsAnEmptyOne() {
        newAccount(AccountStore.LOCAL_EMAIL, accounts);
        ArchiveItems exported = export(archive);
        try (Stores other = store.open(elsewhere, clock)) {
            Principal local = newAccount(AccountStore.LOCAL_EMAIL, other.accounts());
            other.memories().createNamespace(local, NewNamespace.of(NOTES), UNLIMITED);
            other.memories().put(local, NOTES, draft("k", "precious"), NONE, UNLIMITED);
            newAccount("empty@example.com", other.accounts());

            other.archive().load(exported);

            assertTrue(other.memories().get(local.account(), NOTES, "k").isPresent());
            assertEquals(1, other.accounts().keys(local.account()).size());
        }
        store.verify(elsewhere);
    }

    @Test
    void secretsAndWhatBelongsToOneInstance_stayWhereTheyAre() {
        accounts.putSetting(Archive.INSTANCE_SETTING + "x", "1");
        accounts.putSetting("calibration.m.3", "1 2");
        assertEquals(
                List.of("calibration.m.3"),
                export(archive).of(ArchiveItem.OfSetting.class).stream()
                        .map(ArchiveItem.OfSetting::name)
                        .filter(name -> !name.startsWith("signup."))
                        .toList());
    }

    private void fill() {
        Everything.fill(
                new Stores(memories, accounts, billing, archive, generations), alice, bob, clock, clock::advance);
    }

    private Principal newAccount(String email, AccountStore into) {
        var account = new Account(UUID.randomUUID(), email, null, Tier.TEAM, clock.instant());
        var key = key(account.id(), "first");
        into.createAccount(account, key, false);
        return TestPrincipals.of(account.id(), key.key().id(), "req_test");
    }

    private static ArchiveItems export(Archive from) {
        var items = new ArchiveItems(() -> {});
        from.exportTo(items);
        assertEquals(0, items.damagedCount());
        assertNotEquals(-1, items.expected());
        return items;
    }

    private static CandidateQuery byMeaning(Principal caller) {
        return Queries.vector(caller.account(), MODEL, new float[] {1, 0, 0}, 10, 0.9);
    }
}
