import org.w3c.dom.Element;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

/**
 * What a run of the tests came to, from the reports of surefire, failsafe and JaCoCo: which tests were skipped and what to
 * install for them, which passed only when they were tried again, how much of the code the unit tests cover, and a line
 * "N passed, N failed, N skipped".
 *
 * <p>With {@code CI_REQUIRE_ALL=true} in the environment a test that was skipped, or a class whose tests did not run, ends
 * it with exit code 1. What needs a Docker engine, or says that it is optional, is the exception.
 */
final class Summary {

    private static final Path SOURCES = Path.of("src/test/java");

    /** In the words of Testcontainers. */
    private static final String NO_DOCKER = "Docker is not available";

    /** In the words of the tests. */
    private static final String OPTIONAL = "optional: ";

    private final Path target;
    private final Map<String, Integer> skipped = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<String> unsteady = new ArrayList<>();
    private final Set<String> ran = new HashSet<>();
    private int passed;
    private int failed;
    private int skips;

    private Summary(Path target) {
        this.target = target;
    }

    /**
     * @param args the build's directory, {@code target} if none is given
     */
    public static void main(String[] args) throws Exception {
        Summary summary = new Summary(Path.of(args.length > 0 ? args[0] : "target"));
        summary.read();
        boolean complete = "true".equals(System.getenv("CI_REQUIRE_ALL"));
        if (complete) {
            summary.findClassesThatDidNotRun();
        }
        summary.print(complete);
        if (complete && !summary.wrong.isEmpty()) {
            System.exit(1);
        }
    }

    private void read() throws Exception {
        for (String folder : List.of("surefire-reports", "failsafe-reports")) {
            for (Path report : list(target.resolve(folder), "TEST-*.xml")) {
                var cases =
                        DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(report.toFile())
                                .getElementsByTagName("testcase");
                for (int i = 0; i < cases.getLength(); i++) {
                    count((Element) cases.item(i));
                }
            }
        }
        if (passed == 0) {
            wrong.add("no test passed");
        }
    }

    private void count(Element test) {
        String testClass = test.getAttribute("classname");
        String name = testClass + " " + test.getAttribute("name");
        String topLevel = testClass.replaceFirst("\\$.*", "");
        Element skip = (Element) test.getElementsByTagName("skipped").item(0);
        if (test.getElementsByTagName("failure").getLength() > 0
                || test.getElementsByTagName("error").getLength() > 0) {
            failed++;
            ran.add(topLevel);
            wrong.add("failed: " + name);
        } else if (skip != null) {
            skips++;
            String trace =
                    skip.getTextContent()
                            .strip(); // of which the message is only sometimes an attribute
            String reason =
                    reason(
                            skip.hasAttribute("message")
                                    ? skip.getAttribute("message")
                                    : trace.lines()
                                            .findFirst()
                                            .orElse("")
                                            .replaceFirst("^[^ ]*: ", ""));
            skipped.merge(reason, 1, Integer::sum);
            if (reason.contains(NO_DOCKER) || reason.contains(OPTIONAL)) {
                ran.add(topLevel);
            } else {
                wrong.add("skipped: " + name + ": " + reason);
            }
        } else {
            passed++;
            ran.add(topLevel);
            for (String kind : List.of("flakyFailure", "flakyError")) {
                if (test.getElementsByTagName(kind).item(0) instanceof Element first) {
                    unsteady.add(name + ": " + reason(first.getAttribute("message")));
                }
            }
        }
    }

    /** A test class is one by its file's name; an abstract one is a suite for others. */
    private void findClassesThatDidNotRun() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith("Test.java") || name.endsWith("IT.java")) {
                    String path = SOURCES.relativize(file).toString();
                    String testClass =
                            path.substring(0, path.length() - ".java".length()).replace('/', '.');
                    if (!ran.contains(testClass)) {
                        wrong.add("did not run: " + testClass);
                    }
                }
            }
        }
    }

    private void print(boolean complete) throws IOException {
        if (complete) {
            wrong.forEach(System.out::println);
        } else if (!skipped.isEmpty()) {
            System.out.println("Skipped tests, and what they need:");
            skipped.forEach((reason, count) -> System.out.println("  " + count + ": " + reason));
        }
        if (!unsteady.isEmpty()) {
            System.out.println(
                    "Tests that failed at first, which is a fault of the test or of the product:");
            unsteady.forEach(name -> System.out.println("  " + name));
        }
        Path coverage = target.resolve("site/jacoco/jacoco.csv");
        if (Files.exists(coverage)) {
            System.out.println(
                    "Unit tests cover "
                            + share(Files.readAllLines(coverage), "LINE")
                            + " of the lines and "
                            + share(Files.readAllLines(coverage), "BRANCH")
                            + " of the branches of the main code: "
                            + coverage.resolveSibling("index.html"));
        }
        System.out.println(passed + " passed, " + failed + " failed, " + skips + " skipped");
    }

    private static String share(List<String> csv, String counter) {
        List<String> columns = List.of(csv.get(0).split(","));
        long missed = 0;
        long covered = 0;
        for (String line : csv.subList(1, csv.size())) {
            String[] values = line.split(",");
            missed += Long.parseLong(values[columns.indexOf(counter + "_MISSED")]);
            covered += Long.parseLong(values[columns.indexOf(counter + "_COVERED")]);
        }
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * covered / (missed + covered));
    }

    private static String reason(String message) {
        return message.isBlank() ? "no reason given" : message.strip().replaceAll("\\s+", " ");
    }

    private static List<Path> list(Path folder, String glob) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, glob)) {
            files.forEach(found::add);
        }
        return found;
    }
}
