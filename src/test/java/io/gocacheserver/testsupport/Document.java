package io.gocacheserver.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation. */
public record Document(Path file, String text) {

    /** A fenced block of any language, which may be indented as part of a list, with the line before it. */
    private static final Pattern BLOCK =
            Pattern.compile(
                    "(?:^ *(?<before>\\S.*)\n)?^(?<indent> *)```(?<language>\\w*)\n(?<text>(?s:.*?))^ *```$",
                    Pattern.MULTILINE);

    private static final Set<String> SHELLS = Set.of("sh", "bash", "shell", "console");
    private static final Pattern NOT_RUN = Pattern.compile("<!-- not run: (\\S.*) -->");

    /**
     * What a reader is to paste into a terminal.
     *
     * @param line where it begins
     * @param reasonNotToRun why no test runs it, if none does
     */
    public record ShellBlock(int line, String text, Optional<String> reasonNotToRun) {}

    /** The README first, then all others by name. */
    public static List<Document> all() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            Stream<Path> files =
                    Stream.concat(
                            Stream.of(
                                    Path.of("README.md"),
                                    Path.of("CONTRIBUTING.md"),
                                    Path.of("SECURITY.md"),
                                    Path.of("CHANGELOG.md"),
                                    Path.of("src", "bench", "README.md"),
                                    Path.of("helm", "go-cache-server", "README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted());
            return files.map(Document::read).toList();
        }
    }

    public static Document read(Path file) {
        try {
            return new Document(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String withoutBlocks() {
        return BLOCK.matcher(text).replaceAll("");
    }

    public List<ShellBlock> shellBlocks() {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> SHELLS.contains(block.group("language")))
                .map(this::shellBlock)
                .toList();
    }

    private ShellBlock shellBlock(MatchResult block) {
        String before = Optional.ofNullable(block.group("before")).orElse("");
        return new ShellBlock(
                (int) text.substring(0, block.start("language")).lines().count(),
                block.group("text").indent(-block.group("indent").length()),
                NOT_RUN.matcher(before).results().map(mark -> mark.group(1)).findFirst());
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
