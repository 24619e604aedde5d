package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The template for GitLab's jobs, as GitLab's runner runs it: {@code before_script} and {@code script} in one shell. */
@EnabledOnOs(OS.LINUX)
@Needs({Program.CURL, Program.GZIP, Program.TAR})
@ExtendWith(ReferenceBuild.Resolver.class)
class GitLabTemplateIT {

    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;

    @BeforeAll
    static void startService(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        service = ServiceProcess.start(directory.resolve("service"));
        reference.fill(service, directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "dash", "busybox sh"})
    @Needs({Program.BASH, Program.DASH, Program.BUSYBOX})
    void sumsUpHoweverTheJobEnds(String shell, ReferenceBuild reference) throws IOException {
        try (ChildProcess job = run(shell, service.url(), reference, "exit 7", "echo no")) {
            assertThat(job.awaitExit(GoClient.LIMIT)).as(job.stderr()).isEqualTo(7);
            assertThat(job.stdout()).isEmpty();
            assertThat(job.stderr())
                    .contains("served 1 go command: ", "; slowest: go build ")
                    .doesNotContain("WARNING");
        }
        assertThat(temp.resolve("out")).hasSameBinaryContentAs(reference.binary());
    }

    @Test
    void goesOnWithoutAService(ReferenceBuild reference) throws IOException {
        String nowhere = "http://127.0.0.1:" + Ports.free();
        try (ChildProcess job = run("sh", nowhere, reference, "echo built")) {
            assertThat(job.awaitExit(GoClient.LIMIT)).as(job.stderr()).isZero();
            assertThat(job.stdout()).isEqualTo("built\n");
            assertThat(job.stderr())
                    .contains("WARNING: this job builds without the Go build cache at " + nowhere);
        }
        assertThat(temp.resolve("out")).hasSameBinaryContentAs(reference.binary());
    }

    private ChildProcess run(String shell, String url, ReferenceBuild reference, String... end)
            throws IOException {
        List<String> lines = new ArrayList<>(beforeScript());
        lines.add("cd \"$MODULE\"");
        lines.add("\"$GO\" build -o \"$OUT\" .");
        lines.addAll(List.of(end));
        List<String> command = new ArrayList<>(List.of(shell.split(" ")));
        command.addAll(List.of("-c", "set -e; : | eval \"$0\"", String.join("\n", lines)));
        Path cache = reference.copyBaseCache(temp.resolve("cache"));
        Map<String, String> environment =
                new HashMap<>(GoClient.withNativeCache(cache).environment());
        environment.remove("CACHESERVER_RESIDENT");
        environment.put("CACHESERVER_URL", url);
        environment.put("GITLAB_CI", "true");
        environment.put("CI", "true");
        environment.put("HOME", temp.toString());
        environment.put("TMPDIR", Files.createDirectory(temp.resolve("tmp")).toString());
        environment.put("GO", Program.GO.path().toString());
        environment.put("MODULE", reference.module().directory().toString());
        environment.put("OUT", temp.resolve("out").toString());
        return ChildProcess.start(temp, environment, command);
    }

    @SuppressWarnings("unchecked")
    private static List<String> beforeScript() throws IOException {
        List<Object> documents = new ArrayList<>();
        new Yaml()
                .loadAll(Files.readString(Path.of("templates/go-cache.yml")))
                .forEach(documents::add);
        assertThat(documents).as("a header, and what is included").hasSize(2);
        Map<String, Map<String, Object>> jobs =
                (Map<String, Map<String, Object>>) documents.getLast();
        Map<String, Object> job = jobs.getOrDefault(".go-cache", Map.of());
        assertThat(job.get("variables"))
                .isEqualTo(Map.of("CACHESERVER_URL", "$[[ inputs.server ]]"));
        return (List<String>) job.getOrDefault("before_script", List.of());
    }
}
