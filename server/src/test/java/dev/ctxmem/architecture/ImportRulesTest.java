package dev.ctxmem.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Modifier;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Who may use whom. `App` wires everything; below it, the rules know nothing of stores, embedders and HTTP.
class ImportRulesTest {
    private static final String ROOT = "dev.ctxmem";
    private static final String CORE = "dev.ctxmem.core..";
    private static final String MEMORY = "dev.ctxmem.memory..";
    private static final String CONFIG = "dev.ctxmem.config..";
    private static final String STORE = "dev.ctxmem.store..";
    private static final String CLIENT = "dev.ctxmem.client..";
    private static final String CLI = "dev.ctxmem.cli..";
    private static final String TEXT = "dev.ctxmem.text..";
    private static final String EMBED = "dev.ctxmem.embed..";
    private static final String HTTP = "dev.ctxmem.http..";
    private static final String LOG = "dev.ctxmem.log..";
    private static final String BILLING = "dev.ctxmem.billing..";
    private static final String REDIS = "dev.ctxmem.redis..";
    private static final String ARCHIVE = "dev.ctxmem.archive..";
    private static final String TRACE = "dev.ctxmem.trace..";

    private static final DescribedPredicate<JavaClass> WIRING = resideInAPackage(ROOT);
    /// Tests of durability end a server's process at chosen points; a system property of that process says
    /// where.
    private static final DescribedPredicate<JavaClass> FAULTS = named("store.Faults");
    /// The name of the platform leads to its libraries, and a property tells ONNX Runtime where they are.
    private static final DescribedPredicate<JavaClass> NATIVE_RUNTIME = named("embed.onnx.NativeRuntime");
    /// The JDK makes loggers by itself and early, before `Main` runs.
    private static final DescribedPredicate<JavaClass> LOG_LINES = named("log.LogLines");

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void everyPackageHasItsRule() {
        List<String> ruled = List.of(
                ROOT, CORE, MEMORY, CONFIG, STORE, CLIENT, CLI, TEXT, EMBED, HTTP, LOG, BILLING, ARCHIVE, REDIS, TRACE);
        assertEquals(
                List.of(),
                OURS.stream()
                        .map(JavaClass::getPackageName)
                        .distinct()
                        .filter(name -> ruled.stream().noneMatch(known -> isBelow(name, known)))
                        .toList());
    }

    private static boolean isBelow(String name, String known) {
        return known.endsWith("..")
                ? (name + ".").startsWith(known.substring(0, known.length() - 1))
                : name.equals(known);
    }

    @Test
    void core_usesTheJdkAndAJsonParserAlone() {
        check(classes()
                .that()
                .resideInAPackage(CORE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "tools.jackson.core..", CORE));
    }

    @Test
    void client_usesCoreAndTheJdkAlone() {
        check(classes()
                .that()
                .resideInAPackage(CLIENT)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.net..", "org.jspecify..", CORE, CLIENT));
    }

    @Test
    void memory_usesCoreAndTheJdkAlone() {
        check(classes()
                .that()
                .resideInAPackage(MEMORY)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", CORE, MEMORY));
    }

    @Test
    void of_us_aStoreUsesMemoryAndCoreAlone() {
        mayUse(STORE, MEMORY, CORE);
    }

    @Test
    void of_us_wordsUseMemoryAndCoreAlone() {
        mayUse(TEXT, MEMORY, CORE);
    }

    @Test
    void of_us_anEmbedderUsesMemoryAndCoreAlone() {
        mayUse(EMBED, MEMORY, CORE);
    }

    @Test
    void of_us_httpUsesMemoryConfigAndCoreAlone() {
        mayUse(HTTP, MEMORY, CONFIG, CORE);
    }

    @Test
    void of_us_billingUsesMemoryConfigAndCoreAlone() {
        mayUse(BILLING, MEMORY, CONFIG, CORE);
    }

    @Test
    void of_us_configUsesMemoryAndCoreAlone() {
        mayUse(CONFIG, MEMORY, CORE);
    }

    @Test
    void of_us_theCommandLineUsesClientAndCoreAlone() {
        mayUse(CLI, CLIENT, CORE);
    }

    @Test
    void of_us_anArchiveUsesMemoryAndCoreAlone() {
        mayUse(ARCHIVE, MEMORY, CORE);
    }

    @Test
    void of_us_redisUsesMemoryAndCoreAlone() {
        mayUse(REDIS, MEMORY, CORE);
        onlyIn(Stream.of(REDIS), "io.lettuce..", "io.netty..");
    }

    @Test
    void of_us_tracesUseMemoryConfigAndCoreAlone_andOpenTelemetryIsUsedThereOnly() {
        mayUse(TRACE, MEMORY, CONFIG, CORE);
        onlyIn(Stream.of(TRACE), "io.opentelemetry..");
    }

    @Test
    void of_us_theLogUsesCoreAlone() {
        mayUse(LOG, CORE);
    }

    @Test
    void storesDoNotKnowEachOther_butShareTheirPlumbing() {
        check(slices().matching("dev.ctxmem.store.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        resideInAPackage(STORE), resideInAnyPackage("dev.ctxmem.store.sql", "dev.ctxmem.store.flat")));
    }

    @Test
    void embeddersDoNotKnowEachOther() {
        check(slices().matching("dev.ctxmem.embed.(*)..").should().notDependOnEachOther());
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("dev.ctxmem.(**)").should().beFreeOfCycles());
    }

    @Test
    void jdbcIsUsedInStoresOnly() {
        onlyIn(Stream.of(STORE), "java.sql..", "javax.sql..", "org.sqlite..");
    }

    @Test
    void luceneIsUsedInItsStoreAndForWordsOnly() {
        onlyIn(Stream.of("dev.ctxmem.store.lucene..", TEXT), "org.apache.lucene..");
    }

    @Test
    void onnxIsUsedInItsEmbedderOnly() {
        onlyIn(Stream.of("dev.ctxmem.embed.onnx.."), "ai.onnxruntime..", "ai.djl..");
    }

    @Test
    void helidonIsUsedForHttpOnly() {
        onlyIn(Stream.of(HTTP, ROOT), "io.helidon..");
    }

    @Test
    void picocliIsUsedForTheCommandLineOnly() {
        onlyIn(Stream.of(CLI), "picocli..");
    }

    @Test
    void onlyTheLogKnowsHowLibrariesLog() {
        onlyIn(Stream.of(LOG), "java.util.logging..", "org.slf4j..", "org.apache.commons.logging..");
    }

    @Test
    void onlyConfigAndTheWiringReadTheEnvironment() {
        check(noClasses()
                .that(resideOutsideOfPackages(CONFIG)
                        .and(not(WIRING))
                        .and(not(FAULTS))
                        .and(not(NATIVE_RUNTIME)))
                .should()
                .accessTargetWhere(uses(System.class, "getenv", "getProperty", "getProperties")
                        .or(uses(Integer.class, "getInteger"))
                        .or(uses(Long.class, "getLong"))
                        .or(uses(Boolean.class, "getBoolean"))));
    }

    @Test
    void onlyTheWiringKnowsTheSystemsClock() {
        check(noClasses()
                .that(not(WIRING).and(not(LOG_LINES)))
                .should()
                .accessTargetWhere(uses(System.class, "currentTimeMillis")
                        .or(uses(Clock.class, "system", "systemUTC", "systemDefaultZone"))
                        .or(uses(InstantSource.class, "system"))
                        .or(uses(Date.class, "<init>"))
                        .or(describe("now() without a clock", ImportRulesTest::isNowWithoutClock))));
    }

    private static boolean isNowWithoutClock(JavaAccess<?> access) {
        return access.getTargetOwner().getPackageName().equals("java.time")
                && access.getTarget() instanceof CodeUnitAccessTarget target
                && target.getName().equals("now")
                && target.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
    }

    @Test
    void classesAreFinalOrSealed() {
        check(classes().that().areNotInterfaces().and().areNotAnonymousClasses().should(beFinalOrSealed()));
    }

    @Test
    void staticFieldsAreFinal() {
        check(fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat(not(LOG_LINES))
                .should()
                .beFinal());
    }

    @Test
    void inEveryPackageNothingIsNullUnlessItSaysSo() {
        assertEquals(
                OURS.stream().map(JavaClass::getPackageName).distinct().sorted().toList(),
                OURS.stream()
                        .filter(type ->
                                type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class))
                        .map(JavaClass::getPackageName)
                        .sorted()
                        .toList());
    }

    /// Of our own packages, `user` depends on itself and on `used` and on no other.
    private static void mayUse(String user, String... used) {
        String[] allowed = Stream.concat(Stream.of(user), Arrays.stream(used)).toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage(user)
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT + "..").and(resideOutsideOfPackages(allowed))));
    }

    private static void onlyIn(Stream<String> users, String... library) {
        check(noClasses()
                .that(resideOutsideOfPackages(users.toArray(String[]::new)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(false).check(OURS);
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        return describe(
                String.join(" or ", names),
                type -> Arrays.stream(names).anyMatch(name -> type.getName().equals(ROOT + "." + name)));
    }

    private static DescribedPredicate<JavaAccess<?>> uses(Class<?> owner, String... members) {
        return describe(
                owner.getSimpleName() + "." + String.join("|", members),
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && List.of(members).contains(access.getTarget().getName()));
    }

    private static ArchCondition<JavaClass> beFinalOrSealed() {
        return ArchCondition.from(describe("be final or sealed", type -> {
            Class<?> reflected = type.reflect();
            return Modifier.isFinal(reflected.getModifiers()) || reflected.isSealed();
        }));
    }
}
