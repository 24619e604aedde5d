package io.gocacheserver.adapter.explain;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.profile.ListCommand;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks {@code go list -export} for the packages of a build that has ended. A package's build ID begins with its action's: 15
 * bytes of it in base64url, a slash and its content's ID ({@code cmd/go/internal/work/buildid.go}). The command reads the
 * cache directory alone, where after a build all is that it would compile; what sources that have changed since would need is
 * bounded by {@value #LIMIT_SECONDS} seconds at the lowest priority.
 */
final class GoList {

    private static final long LIMIT_SECONDS = 20;
    private static final long MAX_BYTES = 32L << 20;
    private static final String FIELD = "\u001f";
    private static final String PART = "\u001e";
    private static final int FIELDS = 9;

    private static final String TEMPLATE =
            "{{.BuildID}}|{{.ImportPath}}|{{.Name}}|{{.Standard}}|{{len .CgoFiles}}|{{.Dir}}|"
                            .replace("|", "{{\"\\x1f\"}}")
                    + "{{range .Imports}}{{.}}{{\"\\x1e\"}}{{end}}{{\"\\x1f\"}}"
                    + files(
                            "GoFiles",
                            "CgoFiles",
                            "CFiles",
                            "CXXFiles",
                            "MFiles",
                            "HFiles",
                            "FFiles",
                            "SFiles",
                            "SwigFiles",
                            "SwigCXXFiles",
                            "SysoFiles",
                            "EmbedFiles")
                    + "{{\"\\x1f\"}}";

    private static final boolean HAS_NICE = new File("/usr/bin/nice").canExecute();

    private GoList() {}

    /**
     * A package as a build has compiled it.
     *
     * @param content the second part of its build ID
     * @param imports names of other packages
     * @param files names of its sources and embedded files, below its directory
     */
    record Listed(
            String path,
            String content,
            boolean isMain,
            boolean isStandard,
            boolean isCgo,
            String directory,
            List<String> imports,
            List<String> files) {}

    private static String files(String... fields) {
        StringBuilder text = new StringBuilder();
        for (String field : fields) {
            text.append("{{range .").append(field).append("}}{{.}}{{\"\\x1e\"}}{{end}}");
        }
        return text.toString();
    }

    /**
     * The packages, by the first part of their build IDs; null if they cannot be known. Blocks.
     *
     * @param cacheDirectory where the build's actions are
     */
    static @Nullable Map<String, Listed> ask(GoInvocation build, String cacheDirectory)
            throws InterruptedException {
        List<String> list = ListCommand.of(build);
        if (list.isEmpty()) {
            return null;
        }
        List<String> command = new ArrayList<>();
        if (HAS_NICE) {
            command.addAll(List.of("/usr/bin/nice", "-n", "19"));
        }
        int flags = list.indexOf("--");
        command.addAll(list.subList(0, flags));
        command.addAll(List.of("-f", TEMPLATE));
        command.addAll(list.subList(flags, list.size()));
        Path answer = null;
        try {
            answer = Files.createTempFile("go-cache-adapter-", ".golist");
            return run(command, build, cacheDirectory, answer)
                    ? parse(Files.readString(answer, StandardCharsets.UTF_8))
                    : null;
        } catch (IOException e) {
            return null;
        } finally {
            delete(answer);
        }
    }

    private static boolean run(
            List<String> command, GoInvocation build, String cacheDirectory, Path answer)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(new File(build.directory()))
                        .redirectOutput(answer.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(build.environment());
        environment.put("GOCACHE", cacheDirectory);
        // Settings of go env -w are in the environment already, and one of them may be GOCACHEPROG.
        environment.put("GOENV", "off");
        environment.put("GOPROXY", "off");
        environment.remove("GOCACHEPROG");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 && Files.size(answer) <= MAX_BYTES;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            boolean removed = file.toFile().delete();
            assert removed || !file.toFile().exists();
        }
    }

    static Map<String, Listed> parse(String text) {
        Map<String, Listed> packages = new HashMap<>();
        for (String line : text.split("\n")) {
            String[] fields = line.split(FIELD, -1);
            int slash = fields[0].indexOf('/');
            if (fields.length < FIELDS || slash < 0) {
                continue;
            }
            packages.put(
                    fields[0].substring(0, slash),
                    new Listed(
                            fields[1],
                            fields[0].substring(slash + 1),
                            fields[2].equals("main"),
                            fields[3].equals("true"),
                            !fields[4].equals("0"),
                            fields[5],
                            parts(fields[6]),
                            parts(fields[7])));
        }
        return packages;
    }

    private static List<String> parts(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(PART));
    }
}
