package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A repository with names of all kinds, and what Git makes of it. */
record GitFixture(Path directory) {

    static final String UTF_8 = "grün.txt";

    private static final List<String> FILES =
            List.of(
                    "go.mod",
                    "a/b/deep.txt",
                    "a/b/other.txt",
                    "a/blank in name",
                    "a/new\nline",
                    "a/\"quoted\"\t",
                    "ordner/" + UTF_8,
                    "größe/x");

    static GitFixture create(Path directory) throws IOException {
        GitFixture repository = new GitFixture(Files.createDirectories(directory));
        repository.git("init", "--quiet");
        for (String file : FILES) {
            repository.write(file, "content of " + file);
        }
        Files.createSymbolicLink(directory.resolve("a/link"), Path.of("b/deep.txt"));
        Files.createSymbolicLink(directory.resolve("a/dangling"), Path.of("nowhere"));
        repository.commit();
        return repository;
    }

    void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    void commit() throws IOException {
        git("add", "--all");
        git("commit", "--quiet", "--message=change");
    }

    GitFixture copy(Path to, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("clone", "--quiet"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(directory.toUri().toString(), to.toString()));
        git(arguments.toArray(String[]::new));
        return new GitFixture(to);
    }

    /** Runs Git there, without the user's own settings; what it prints. */
    String git(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Program.GIT.path().toString()));
        for (String setting :
                List.of("user.name=T", "user.email=t@example", "protocol.file.allow=always")) {
            command.addAll(List.of("-c", setting));
        }
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(directory.toFile());
        builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().join().exitValue()).as(said).isZero();
        return said;
    }

    Path path(String file) {
        return directory.resolve(file);
    }

    FileTime time(String file) throws IOException {
        return Files.getLastModifiedTime(path(file), LinkOption.NOFOLLOW_LINKS);
    }

    void time(String file, FileTime time) throws IOException {
        Files.setLastModifiedTime(path(file), time);
    }

    /** The times of all files and folders but Git's own, by name. */
    Map<String, FileTime> times() throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path path, BasicFileAttributes attributes) {
                        return visitFile(path, attributes) == FileVisitResult.CONTINUE
                                ? FileVisitResult.CONTINUE
                                : FileVisitResult.SKIP_SUBTREE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                        if (path.endsWith(".git")) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        String name = directory.relativize(path).toString();
                        times.put(name, attributes.lastModifiedTime());
                        return FileVisitResult.CONTINUE;
                    }
                });
        return times;
    }
}
