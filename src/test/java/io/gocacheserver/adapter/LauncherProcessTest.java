package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

@EnabledOnOs(OS.LINUX)
class LauncherProcessTest {

    @TempDir private Path directory;

    @Test
    void seesArgumentsEnvironmentAndDirectory() throws Exception {
        Process process = start("read -r line", "--flag", "", "two words");
        try {
            LauncherProcess launcher = new LauncherProcess(process.pid());

            assertThat(launcher.arguments(3)).containsExactly("--flag", "", "two words");
            assertThat(launcher.environment()).containsEntry("GREETING", "key=value");
            assertThat(launcher.directory()).isEqualTo(directory.toRealPath().toFile());
            assertThatIOException().isThrownBy(() -> launcher.arguments(100));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void readsAndWritesItsPipes() throws Exception {
        Process process = start("exec sleep 60");
        try {
            LauncherProcess launcher = new LauncherProcess(process.pid());
            try (FileChannel in = launcher.openStdin();
                    OutputStream out = launcher.openStdout()) {
                process.getOutputStream().write('q');
                process.getOutputStream().flush();
                ByteBuffer question = ByteBuffer.allocate(10);
                assertThat(in.read(question)).isEqualTo(1);
                out.write('a');
                assertThat(process.getInputStream().read()).isEqualTo('a');
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void acceptsOnlyTheProcessThatHoldsTheSessionFile() throws Exception {
        Path session = Files.createFile(directory.resolve("session"));
        Process process = start("exec 9<>session; echo; exec sleep 60");
        try {
            assertThat(process.getInputStream().read()).isEqualTo('\n');
            new LauncherProcess(process.pid()).verify(session);

            Path other = Files.createFile(directory.resolve("other"));
            LauncherProcess launcher = new LauncherProcess(process.pid());
            assertThatIOException().isThrownBy(() -> launcher.verify(other));
            LauncherProcess self = new LauncherProcess(ProcessHandle.current().pid());
            assertThatIOException().isThrownBy(() -> self.verify(session));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void refusesWhatIsNoPipe() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sleep", "60");
        builder.redirectInput(new File("/dev/null")).redirectOutput(new File("/dev/null"));
        Process process = builder.start();
        try {
            LauncherProcess launcher = new LauncherProcess(process.pid());
            assertThatIOException().isThrownBy(launcher::openStdin).withMessageContaining("pipe");
            assertThatIOException().isThrownBy(launcher::openStdout).withMessageContaining("pipe");
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(String script, String... arguments) throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("script"),
                        "#!/bin/sh\n" + script + '\n',
                        StandardCharsets.UTF_8);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", file.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("GREETING", "key=value");
        return builder.directory(directory.toFile()).start();
    }
}
