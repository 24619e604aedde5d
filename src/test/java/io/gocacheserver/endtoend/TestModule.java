package io.gocacheserver.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A generated Go module: a program, and packages under it that import each other. */
public record TestModule(Path directory, String name) {

    /** The path of all but those that have one of their own. */
    public static final String NAME = "example.test/generated";

    /** What all packages need of the standard library. */
    static final String EMBED = "embed";

    /** What {@link #small} needs of it besides. */
    static final List<String> SMALL_IMPORTS =
            List.of("bufio", "container/heap", "hash/crc32", "strconv", "strings", "unicode/utf16");

    /** What {@link #large} needs of the standard library. */
    static final List<String> LARGE_IMPORTS = List.of("encoding/json", "text/template");

    private static final int IMPORTS_BACK = 3;

    /** The Go command does not index, and so does not cache the index of, packages that changed two seconds ago. */
    private static final Instant OLD = Instant.parse("2020-01-01T00:00:00Z");

    /** Twelve packages, with a test in each, and those of the standard library that are compiled in no time. */
    public static TestModule small(Path directory) throws IOException {
        return new TestModule(directory, NAME).generate(12, SMALL_IMPORTS);
    }

    /**
     * Three packages that need nothing of the standard library which those of {@link #small} do not need.
     *
     * @param name its path, so that nothing of it is in a cache which another module has filled
     */
    public static TestModule tiny(Path directory, String name) throws IOException {
        return new TestModule(directory, name).generate(3, SMALL_IMPORTS);
    }

    /** A module of files that the test writes. */
    public static TestModule empty(Path directory, String name) throws IOException {
        TestModule module = new TestModule(directory, name);
        module.write("go.mod", "module %s\n\ngo 1.24\n".formatted(name));
        return module;
    }

    /** Sixty packages, and some seventy of the standard library. */
    public static TestModule large(Path directory) throws IOException {
        return new TestModule(directory, NAME).generate(60, LARGE_IMPORTS);
    }

    /** A few modules of others, as go.mod requires them. */
    public static TestModule withDependencies(Path directory) throws IOException {
        TestModule module =
                new TestModule(directory, NAME)
                        .generate(
                                2,
                                List.of(
                                        "github.com/BurntSushi/toml",
                                        "github.com/google/uuid",
                                        "golang.org/x/mod/semver"));
        module.write(
                "go.mod",
                """
                module %s

                go 1.24

                require (
                    github.com/BurntSushi/toml v1.5.0
                    github.com/google/uuid v1.6.0
                    golang.org/x/mod v0.24.0
                )
                """
                        .formatted(NAME));
        return module;
    }

    private TestModule generate(int packages, List<String> imports) throws IOException {
        write("go.mod", "module %s\n\ngo 1.24\n".formatted(name));
        for (int i = 0; i < packages; i++) {
            writePackage(i);
        }
        write(
                "main.go",
                """
                package main

                import (
                %s
                    last "%s/p%d"
                )

                func main() { print(last.Name()) }
                """
                        .formatted(
                                imports.stream()
                                        .map("    _ \"%s\"\n"::formatted)
                                        .collect(Collectors.joining()),
                                name,
                                packages - 1));
        return this;
    }

    private void writePackage(int number) throws IOException {
        List<Integer> imported =
                IntStream.range(Math.max(0, number - IMPORTS_BACK), number).boxed().toList();
        String imports =
                imported.stream()
                        .map(i -> "    \"%s/p%d\"\n".formatted(name, i))
                        .collect(Collectors.joining());
        String calls =
                imported.stream()
                        .map(i -> " + p%d.Name()[:2]".formatted(i))
                        .collect(Collectors.joining());
        write(
                "p%d/p%d.go".formatted(number, number),
                """
                package p%1$d

                import (
                    _ "embed"
                %2$s)

                //go:embed name.txt
                var name string

                // Name names the package and those that it imports.
                func Name() string { return name%3$s }
                """
                        .formatted(number, imports, calls));
        write("p%d/name.txt".formatted(number), "package %d".formatted(number));
        write(
                "p%d/p%d_test.go".formatted(number, number),
                """
                package p%d

                import "testing"

                func TestName(t *testing.T) {
                    if Name() == "" {
                        t.Error("no name")
                    }
                }
                """
                        .formatted(number));
    }

    /** Writes a file of it, as one that has not changed for long. */
    public void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        Files.setLastModifiedTime(path, FileTime.from(OLD));
    }
}
