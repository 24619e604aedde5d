package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Results of {@code go test} and {@code go vet} are shared as packages are. */
@ExtendWith(ReferenceBuild.Resolver.class)
class GoTestIT {

    @TempDir private Path temp;

    @Test
    void testResultsAreCachedForTheSecondMachine(ReferenceBuild reference) throws IOException {
        TestModule module = reference.module();
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            Path warm = reference.copyCommandCache(temp.resolve("first"));
            GoClient first = GoClient.withAdapter(service.url(), warm);
            GoResult ran = first.run(module, "test", "./p0", "./p1");
            assertThat(testLines(ran)).isNotEmpty().noneMatch(line -> line.endsWith("(cached)"));
            first.run(module, "vet", "./p1");

            GoClient second = GoClient.withAdapter(service.url(), temp.resolve("second"));
            GoResult cached = second.run(module, "test", "-x", "./p0", "./p1");
            assertThat(testLines(cached))
                    .hasSameSizeAs(testLines(ran))
                    .allMatch(line -> line.endsWith("(cached)"));
            assertThat(cached.compiles()).isEmpty();
            assertThat(second.run(module, "vet", "-x", "./p1").compiles()).isEmpty();
        }
    }

    private static List<String> testLines(GoResult result) {
        return result.stdout().lines().filter(line -> line.startsWith("ok ")).toList();
    }
}
