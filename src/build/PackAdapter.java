import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.spi.ToolProvider;

/**
 * Makes the adapter's distributions of its directory:
 *
 * <ul>
 *   <li>{@code go-cache-adapter-<version>-<os>-<arch>.tar.gz} for the platform of the Java that runs this: with a runtime
 *       of just the modules that the adapter needs, and an archive of the classes that a session needs;
 *   <li>{@code go-cache-adapter-<version>-any.tar.gz}, which needs an installed Java.
 * </ul>
 *
 * Beside each lies its {@code .sha256}. The same input and the same Java give the same bytes. That is why the classes are
 * in a CDS archive made of a sorted list: an AOT cache starts as fast, but holds profiles, and so differs from run to run.
 * The directory itself gets such an archive too, for the Java that runs this.
 */
final class PackAdapter {

    private static final String NAME = "go-cache-adapter";
    private static final String JARS = "lib/go-cache-adapter.jar:lib/zstd-jni.jar";

    private final Path home;
    private final Path work;
    private final Path out;
    private final Path embedded;
    private final String version;
    private final Instant time;
    private final Path jdk = Path.of(System.getProperty("java.home"));
    private final Properties release = new Properties();

    private PackAdapter(Path home, Path work, Path out, Path embedded, String version, Instant time)
            throws IOException {
        this.home = home;
        this.work = work;
        this.out = out;
        this.embedded = embedded;
        this.version = version;
        this.time = time;
        try (var reader = Files.newBufferedReader(jdk.resolve("release"))) {
            release.load(reader);
        }
    }

    /**
     * @param args the adapter's directory, one to work in (deleted first), one for the archives, one
     *     for copies of them that the service's jar takes along, version, and the time that all files get, in ISO 8601
     */
    public static void main(String[] args) throws Exception {
        new PackAdapter(
                        Path.of(args[0]).toAbsolutePath(),
                        Path.of(args[1]).toAbsolutePath(),
                        Path.of(args[2]).toAbsolutePath(),
                        Path.of(args[3]).toAbsolutePath(),
                        args[4],
                        Instant.parse(args[5]))
                .pack();
    }

    private void pack() throws Exception {
        delete(work);
        Files.createDirectories(out);
        Files.createDirectories(embedded);
        deleteAll(out, NAME + "-*.tar.gz*");
        deleteAll(embedded, NAME + "-*.tar.gz");
        deleteAll(home.resolve("lib"), "*.{aot,jsa}");
        Path any = work.resolve(NAME + "-" + version + "-any");
        copy(home, any);
        write(any);

        String platform = release("OS_NAME") + "-" + release("OS_ARCH");
        Path bundled = work.resolve(NAME + "-" + version + "-" + platform.toLowerCase(Locale.ROOT));
        copy(home, bundled);
        if (!link(bundled.resolve("runtime"))) {
            delete(bundled);
            archiveClasses(home, jdk, TrainAdapter.classes(home, jdk));
            return;
        }
        try (var natives = Files.newDirectoryStream(bundled.resolve("lib/native"))) {
            for (Path library : natives) {
                if (!library.toString().endsWith("-" + platform)) {
                    Files.delete(library);
                }
            }
        }
        setTimes(bundled); // before the archive of classes, which knows its jars by their times
        List<String> classes = TrainAdapter.classes(bundled, bundled.resolve("runtime"));
        archiveClasses(bundled, bundled.resolve("runtime"), classes);
        write(bundled);
        archiveClasses(home, jdk, classes);
    }

    /** A runtime of the modules that the adapter needs; false if this Java cannot make one. */
    private boolean link(Path runtime) throws IOException {
        StringWriter modules = new StringWriter();
        StringWriter log = new StringWriter();
        boolean linked =
                run("jdeps", modules, log, depsArguments())
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
        List<String> lines = new ArrayList<>();
        for (String key : List.of("JAVA_RUNTIME_VERSION", "OS_ARCH", "OS_NAME")) {
            lines.add(key + "=\"" + release(key) + "\"");
        }
        Path file = runtime.resolve("release");
        Files.writeString(
                file,
                Files.readString(file).stripTrailing() + "\n" + String.join("\n", lines) + "\n");
        return true;
    }

    private String[] depsArguments() {
        return new String[] {
            "--print-module-deps",
            "--ignore-missing-deps",
            home.resolve("lib/go-cache-adapter.jar").toString(),
            home.resolve("lib/zstd-jni.jar").toString()
        };
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

    private static boolean run(String tool, StringWriter out, StringWriter err, String... args) {
        var found = ToolProvider.findFirst(tool);
        if (found.isEmpty()) {
            err.write("no " + tool);
            return false;
        }
        return found.get().run(new PrintWriter(out, true), new PrintWriter(err, true), args) == 0;
    }

    /**
     * Writes the archive of classes (CDS) by which the adapter starts in half the time. All paths are relative, so that the
     * bytes do not depend on where it is made; the JVM compares the last parts only.
     */
    private void archiveClasses(Path directory, Path java, List<String> classes) throws Exception {
        Path list = Files.createTempFile("classes", ".lst");
        Path log = Files.createTempFile("classes", ".log");
        Path archive = Path.of("lib", NAME + "-" + release("JAVA_RUNTIME_VERSION") + ".jsa");
        try {
            Files.write(list, classes);
            int exit =
                    new ProcessBuilder(
                                    java.resolve("bin/java").toString(),
                                    "-Xshare:dump",
                                    "-XX:SharedClassListFile=" + list,
                                    "-XX:SharedArchiveFile=" + archive,
                                    "-XX:+UseSerialGC",
                                    "-Xmx128m",
                                    "-cp",
                                    JARS)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start()
                            .waitFor();
            Path file = directory.resolve(archive);
            if (exit != 0 || !Files.exists(file)) {
                throw new IOException("no archive of classes: " + Files.readString(log));
            }
            Files.setLastModifiedTime(file, FileTime.from(time));
            Files.setLastModifiedTime(file.getParent(), FileTime.from(time));
        } finally {
            Files.delete(list);
            Files.delete(log);
        }
    }

    private void write(Path directory) throws Exception {
        Path archive = out.resolve(directory.getFileName() + ".tar.gz");
        Tarball.write(directory, time, archive);
        Files.copy(archive, embedded.resolve(archive.getFileName()));
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        String hash = HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(archive)));
        Files.writeString(
                out.resolve(archive.getFileName() + ".sha256"),
                hash + "  " + archive.getFileName() + "\n");
    }

    private void setTimes(Path directory) throws IOException {
        FileTime all = FileTime.from(time);
        try (var files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Files.getFileAttributeView(
                                file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setTimes(all, null, null);
            }
        }
    }

    private String release(String key) throws IOException {
        String value = release.getProperty(key, "").replace("\"", "");
        if (value.isEmpty()) {
            throw new IOException(jdk.resolve("release") + " has no " + key);
        }
        return value;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void deleteAll(Path directory, String pattern) throws IOException {
        try (var files = Files.newDirectoryStream(directory, pattern)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
