package io.gocacheserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Document;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Links of the documentation lead somewhere, and its shell blocks are shell. */
class DocumentationTest {

    private static final int MOST_LINES_OF_THE_README = 250;

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]*)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]*)\">");

    static List<Document> documents() throws IOException {
        return Document.all();
    }

    @Test
    void theReadmeIsReadInFiveMinutes() throws IOException {
        assertThat(Files.readAllLines(Path.of("README.md")))
                .hasSizeLessThanOrEqualTo(MOST_LINES_OF_THE_README);
    }

    @Test
    void theReadmeLeadsToEveryDocument() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(documents())
                .filteredOn(document -> document.file().startsWith("docs"))
                .allSatisfy(document -> assertThat(readme).contains("](" + document + ")"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkLeadsToAFileOrAHeading(Document document) throws IOException {
        List<String> broken = new ArrayList<>();
        Matcher link = LINK.matcher(document.withoutBlocks());
        while (link.find()) {
            String target = link.group(1);
            if (!ELSEWHERE.matcher(target).matches() && !exists(document, target)) {
                broken.add(target);
            }
        }
        assertThat(broken).isEmpty();
    }

    /** Blocks that no test runs at least parse. {@code DocumentationIT} runs the others. */
    @ParameterizedTest
    @MethodSource("documents")
    @Needs(Program.BASH)
    void everyShellBlockIsShell(Document document) throws Exception {
        Map<Integer, String> complaints = new HashMap<>();
        for (Document.ShellBlock block : document.shellBlocks()) {
            String complaint = parse(block.text());
            if (!complaint.isEmpty()) {
                complaints.put(block.line(), complaint);
            }
        }
        assertThat(complaints).as("complaints by line").isEmpty();
    }

    /** What the shell says against a script, which it does not run. */
    private static String parse(String script) throws IOException, InterruptedException {
        Process shell =
                new ProcessBuilder(Program.BASH.path().toString(), "--posix", "-n")
                        .redirectErrorStream(true)
                        .start();
        try (OutputStream in = shell.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String output =
                new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = shell.waitFor();
        return code == 0 ? output : output + " (exit code " + code + ")";
    }

    private static boolean exists(Document document, String target) throws IOException {
        int hash = target.indexOf('#');
        String name = hash < 0 ? target : target.substring(0, hash);
        Path file =
                name.isEmpty() ? document.file() : document.file().resolveSibling(name).normalize();
        return !target.isEmpty()
                && Files.exists(file)
                && (hash < 0 || anchors(file).contains(target.substring(hash + 1)));
    }

    /** As GitHub names them: by the text of each heading, in lower case, with hyphens for blanks. */
    private static Set<String> anchors(Path file) throws IOException {
        String text = Document.read(file).withoutBlocks();
        Set<String> anchors =
                ANCHOR.matcher(text)
                        .results()
                        .map(each -> each.group(1))
                        .collect(Collectors.toCollection(HashSet::new));
        Matcher heading = HEADING.matcher(text);
        while (heading.find()) {
            anchors.add(
                    heading.group(1)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\w -]", "")
                            .replace(' ', '-'));
        }
        return anchors;
    }
}
