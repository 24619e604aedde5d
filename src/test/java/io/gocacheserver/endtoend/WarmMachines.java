package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A module and what plain {@code go build} makes of it on a machine that has the standard library compiled, so that such
 * a build takes about a second and asks for the module's own packages only.
 *
 * @param binary the program
 * @param limit for a build of it with the adapter
 */
public record WarmMachines(
        ReferenceBuild reference, TestModule module, Path binary, TimeLimit limit) {

    /** @param name of the module; see {@link TestModule#tiny} */
    public static WarmMachines prepare(ReferenceBuild reference, Path directory, String name)
            throws IOException {
        TestModule module = TestModule.tiny(directory.resolve("module"), name);
        Path binary = directory.resolve("native-binary");
        Path cache = reference.copyNativeCache(directory.resolve("native"));
        GoOutcome built =
                GoClient.withNativeCache(cache)
                        .outcome(module.directory(), "build", "-o", binary.toString(), ".");
        assertThat(built.exitCode()).isZero();
        Duration took = built.took();
        return new WarmMachines(reference, module, binary, TimeLimit.over(took));
    }

    /** A machine with the adapter. */
    public GoClient machine(String url, Path cache, String... options) throws IOException {
        return GoClient.withAdapter(url, reference.copyNativeCache(cache), options);
    }

    /** Builds the program there: well, the same as natively, and within the limit. */
    public GoResult assertBuilds(GoClient machine, Path program) {
        assertThat(program).doesNotExist();
        GoOutcome built =
                machine.outcome(module.directory(), "build", "-o", program.toString(), ".");
        assertThat(built.exitCode()).as("exit code; stderr: %s", built.printed().stderr()).isZero();
        assertThat(program).hasSameBinaryContentAs(binary);
        assertThat(built.took())
                .as("time; stderr: %s", built.printed().stderr())
                .isLessThanOrEqualTo(limit.total());
        return built.printed();
    }
}
