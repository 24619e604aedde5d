package io.gocacheserver.adapter;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.profile.ParentCommand;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A launcher that runs now, seen through Linux's {@code /proc}: what it was started with, and the pipes that the Go
 * command gave it. This process opens them itself, so that no byte goes through a third program. The only place that knows Linux.
 */
final class LauncherProcess {

    /** The launcher keeps its session file open under this number, which shows that it made the file. */
    private static final String SESSION_DESCRIPTOR = "9";

    private final Path proc;

    LauncherProcess(long pid) {
        this.proc = Path.of("/proc", Long.toString(pid));
    }

    /** Whether processes can be seen here at all. */
    static boolean isSupported() {
        return Files.isReadable(Path.of("/proc/self/stat"));
    }

    /** Opens the pipe that the Go command's requests come from. Fails if stdin is something else, or of another user. */
    FileChannel openStdin() throws IOException {
        return FileChannel.open(pipe("0"), StandardOpenOption.READ);
    }

    /** Opens the pipe that the Go command's answers go to, unbuffered. Fails if stdout is something else, or of another user. */
    OutputStream openStdout() throws IOException {
        return new FileOutputStream(pipe("1").toString());
    }

    /**
     * Checks that this is the process that made the session file, and of the user who runs this one. The number may mean
     * another process here if the launcher runs in a container, or if it has ended and the number was given to another.
     */
    void verify(Path session) throws IOException {
        if (!Files.isSameFile(proc.resolve("fd").resolve(SESSION_DESCRIPTOR), session)) {
            throw new IOException(proc + " has not opened " + session);
        }
        Object owner = Files.getAttribute(proc, "unix:uid");
        if (!owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            throw new IOException(proc + " is another user's");
        }
    }

    /** The last {@code count} arguments: those before are the shell's and the launcher's name. */
    List<String> arguments(int count) throws IOException {
        List<String> all = strings(proc, "cmdline");
        if (count > all.size()) {
            throw new IOException(proc + " has but " + all.size() + " arguments");
        }
        return all.subList(all.size() - count, all.size());
    }

    Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (String variable : strings(proc, "environ")) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return environment;
    }

    /** The Go command that started it, as far as it is known. */
    GoInvocation build() throws IOException {
        return new GoInvocation(
                directory().getPath(), ParentCommand.of(proc.toFile()), environment());
    }

    /**
     * Whether the Go command of a launcher runs within another one, which speaks for both: {@code go generate} starts
     * {@code go run}, and tests start builds.
     *
     * @param launcher its process, or the one that it has become
     */
    static boolean isNested(long launcher) {
        int found = 0;
        ProcessHandle process = ProcessHandle.of(launcher).orElse(null);
        while (process != null && found < 2) {
            String program = process.info().command().orElse("");
            found += Path.of(program).endsWith("go") ? 1 : 0;
            process = process.parent().orElse(null);
        }
        return found > 1;
    }

    File directory() throws IOException {
        return Files.readSymbolicLink(proc.resolve("cwd")).toFile();
    }

    private Path pipe(String descriptor) throws IOException {
        Path link = proc.resolve("fd").resolve(descriptor);
        String target = Files.readSymbolicLink(link).toString();
        if (!target.startsWith("pipe:")) {
            throw new IOException(link + " is no pipe");
        }
        return link;
    }

    /** The strings of a file that ends each with a NUL. */
    private static List<String> strings(Path process, String file) throws IOException {
        byte[] bytes = Files.readAllBytes(process.resolve(file));
        return ParentCommand.split(new String(bytes, StandardCharsets.UTF_8));
    }
}
