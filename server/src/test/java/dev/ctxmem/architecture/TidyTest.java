package dev.ctxmem.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.architecture.JavaSources.Element;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What files look like.
class TidyTest {
    private static final List<Element> ELEMENTS = JavaSources.elements();

    private static final int FILE_LINES_MAX = 400;
    private static final int METHOD_LINES_MAX = 60;
    private static final int LINE_CHARACTERS_MAX = 120;
    /// The formatter breaks a longer documentation comment into one that no longer compiles.
    private static final int DOC_LINE_CHARACTERS_MAX = 118;

    private static final Pattern BANNED_TYPE = Pattern.compile("Abstract.*|.*(Impl|Utils?|Helper|Manager)");
    private static final Pattern PREFIXED_INTERFACE = Pattern.compile("I[A-Z][a-z].*");
    private static final Pattern SQL = Pattern.compile(
            "\\s*("
                    + String.join(
                            "|",
                            "SELECT\\s.*\\sFROM\\s",
                            "INSERT\\s+(OR\\s+\\w+\\s+)?INTO\\s",
                            "UPDATE\\s+\\w+\\s+SET\\s",
                            "DELETE\\s+FROM\\s",
                            "(CREATE|ALTER|DROP)\\s+(UNIQUE\\s+)?(TABLE|INDEX|VIEW|TRIGGER)\\s",
                            "PRAGMA\\s")
                    + ").*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern SKIP = Pattern.compile("Disabled.*|Enabled.*|Timeout");
    private static final Pattern SKIPPING_CALL =
            Pattern.compile("(Assumptions\\.)?assum(e[TF].*|ingThat)|.*assertTimeout.*");
    /// A test that takes the power away needs what not every machine grants. It says so, and `-Psoak` fails there.
    private static final Path MAY_SKIP = Path.of("server/src/test/java/dev/ctxmem/disk/Needs.java");

    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.~}-])/(work|workspace|root|Users/\\w+|builds|var/tmp)/");
    private static final Pattern REGISTRY = Pattern.compile(
            "repo1?\\.maven|maven-central\\.|registry\\.(npmjs|yarnpkg)|pypi\\.org|files\\.pythonhosted"
                    + "|(deb|security)\\.debian\\.org|archive\\.ubuntu|artifactory\\.|sonatype\\.|proxy\\.golang|crates\\.io");

    @Test
    void files_haveAtMost400Lines() {
        var tooLong = new ArrayList<String>();
        for (Path file : JavaSources.files()) {
            long lines = Repository.read(file).lines().count();
            if (lines > FILE_LINES_MAX) {
                tooLong.add(file + " has " + lines + " lines");
            }
        }
        assertNone(tooLong);
    }

    @Test
    void methods_haveAtMost60Lines() {
        assertNone(elements(element -> element instanceof Element.Method method && method.lines() > METHOD_LINES_MAX));
    }

    @Test
    void linesOfTheProgram_haveAtMost120Characters() {
        List<Path> program = JavaSources.files().stream()
                .filter(file -> !JavaSources.isTest(file))
                .toList();
        assertNone(linesOf(program, line -> line.codePoints().count() > LINE_CHARACTERS_MAX));
    }

    @Test
    void documentationLines_haveAtMost118Characters() {
        assertNone(linesOf(
                JavaSources.files(),
                line -> line.strip().startsWith("///") && line.codePoints().count() > DOC_LINE_CHARACTERS_MAX));
    }

    @Test
    void types_areNamedByWhatTheyAre() {
        assertNone(elements(element -> element instanceof Element.Type type && isBannedName(type)));
    }

    private static boolean isBannedName(Element.Type type) {
        return BANNED_TYPE.matcher(type.name()).matches()
                || (type.isInterface()
                        && PREFIXED_INTERFACE.matcher(type.name()).matches());
    }

    /// And in the benchmark that compares a store with plain SQL.
    @Test
    void sql_standsInStoresOnly() {
        assertNone(elements(element -> element instanceof Element.Text text
                && SQL.matcher(text.value()).matches()
                && !JavaSources.isTest(element.file())
                && !element.file().toString().contains("/dev/ctxmem/store/")
                && !element.file().toString().contains("/dev/ctxmem/bench/postgres/")));
    }

    @Test
    void tests_areNeverSkippedAndNeverWaitForTheClock() {
        assertNone(elements(element ->
                JavaSources.isTest(element.file()) && !element.file().equals(MAY_SKIP) && skipsOrSleeps(element)));
    }

    private static boolean skipsOrSleeps(Element element) {
        return switch (element) {
            case Element.Annotation annotation ->
                SKIP.matcher(annotation.name()).matches();
            case Element.Call call ->
                call.method().equals("Thread.sleep")
                        || SKIPPING_CALL.matcher(call.method()).matches();
            case Element.Type _, Element.Method _, Element.Text _ -> false;
        };
    }

    @Test
    void nothing_isLeftForLater() {
        assertNone(linesOf(Repository.files(), UNFINISHED.asPredicate()));
    }

    @Test
    void nothing_namesOneMachineOrOneRegistry() {
        assertNone(linesOf(Repository.files(), MACHINE_PATH.asPredicate().or(REGISTRY.asPredicate())));
    }

    private static List<String> elements(Predicate<Element> isWrong) {
        return ELEMENTS.stream()
                .filter(isWrong)
                .map(element -> element.place() + " " + element)
                .toList();
    }

    private static List<String> linesOf(List<Path> files, Predicate<String> isWrong) {
        var wrong = new ArrayList<String>();
        for (Path file : files) {
            List<String> lines = textLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (isWrong.test(lines.get(i))) {
                    wrong.add(file + ":" + (i + 1) + " " + lines.get(i).strip());
                }
            }
        }
        return wrong;
    }

    /// None for a file that is not text.
    private static List<String> textLines(Path file) {
        try {
            return Repository.read(file).lines().toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof MalformedInputException) {
                return List.of();
            }
            throw e;
        }
    }

    private static void assertNone(List<String> violations) {
        assertEquals("", String.join("\n", violations));
    }
}
