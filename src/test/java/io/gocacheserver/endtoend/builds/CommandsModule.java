package io.gocacheserver.endtoend.builds;

import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Directories;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** Generated modules for whatever the Go command can do: programs, tests, C, a tool, a workspace, vendored packages. */
final class CommandsModule {

    /** What the paths of its modules begin with. */
    static final String HOST = "example.test";

    private CommandsModule() {}

    /** The module {@code commands}, beside one that it requires, and a workspace of both; its directory. */
    static Path generate(Path root) throws IOException {
        return generate(root, HOST);
    }

    /** The same with another host, so that other modules need the same of the standard library. */
    static Path generate(Path root, String host) throws IOException {
        Path directory = generateOnItsHost(root);
        for (String name : Directories.files(root)) {
            Path file = root.resolve(name);
            FileTime time = Files.getLastModifiedTime(file);
            Files.writeString(file, Files.readString(file).replace(HOST, host));
            Files.setLastModifiedTime(file, time);
        }
        return directory;
    }

    private static Path generateOnItsHost(Path root) throws IOException {
        TestModule needed = TestModule.empty(root.resolve("needed"), "example.test/needed");
        needed.write("needed.go", "package needed\n\nfunc Word() string { return \"needed\" }\n");
        TestModule module = TestModule.empty(root.resolve("commands"), "example.test/commands");
        module.write(
                "go.mod",
                """
                module example.test/commands

                go 1.24

                tool example.test/commands/greet

                require example.test/needed v0.0.0

                replace example.test/needed => ../needed
                """);
        module.write("../go.work", "go 1.24\n\nuse (\n    ./commands\n    ./needed\n)\n");
        writePrograms(module);
        writeLibrary(module);
        return module.directory();
    }

    private static void writePrograms(TestModule module) throws IOException {
        module.write(
                "greet/main.go",
                """
                package main

                import (
                    "os"

                    "example.test/commands/text"
                )

                //go:generate go run example.test/commands/greet generated
                func main() {
                    os.Stdout.WriteString(text.Greeting() + "\\n")
                }
                """);
        // Little of the standard library, since it is compiled anew for other platforms and flags.
        module.write("plain/main.go", "package main\n\nfunc main() { println(\"plain\") }\n");
        module.write(
                "uses-c/main.go",
                """
                package main

                // static int answer(void) { return 42; }
                import "C"

                func main() { println(int(C.answer())) }
                """);
        module.write(
                "../overlay/text.go",
                "package text\n\nfunc Greeting() string { return \"overlaid\" }\n");
        module.write(
                "../overlay.json", "{\"Replace\": {\"text/text.go\": \"../overlay/text.go\"}}\n");
        module.write("broken/main.go", "package main\n\nfunc main() { undefined() }\n");
    }

    private static void writeLibrary(TestModule module) throws IOException {
        module.write(
                "text/text.go",
                """
                package text

                import "example.test/needed"

                func Greeting() string { return "hello " + needed.Word() }
                """);
        module.write(
                "text/text_test.go",
                """
                package text

                import "testing"

                func TestGreeting(t *testing.T) {
                    if Greeting() != "hello needed" {
                        t.Error(Greeting())
                    }
                }

                func FuzzGreeting(f *testing.F) {
                    f.Add("a")
                    f.Fuzz(func(t *testing.T, s string) {
                        if Greeting() == s {
                            t.Skip()
                        }
                    })
                }
                """);
        module.write("failing/failing.go", "package failing\n");
        module.write(
                "failing/failing_test.go",
                """
                package failing

                import "testing"

                func TestFails(t *testing.T) { t.Fatal("as expected") }
                """);
        module.write(
                "suspicious/suspicious.go",
                """
                package suspicious

                import "fmt"

                func Print() { fmt.Printf("%d", "text") }
                """);
    }
}
