import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Puts the adapter together as a directory, from classes, launcher, licences and zstd-jni. */
final class AdapterHome {

    private static final String ADAPTER_JAR = "go-cache-adapter.jar";

    /** Where zstd-jni has its libraries, and what the launcher calls them: the platform as a Java's release file names it. */
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "linux/amd64", "Linux-x86_64",
                    "linux/aarch64", "Linux-aarch64",
                    "darwin/x86_64", "Darwin-x86_64",
                    "darwin/aarch64", "Darwin-aarch64",
                    "win/amd64", "Windows-x86_64.dll");

    private final Path base;
    private final Path home;
    private final String version;
    private final Instant time;

    AdapterHome(Path base, Path home, String version, Instant time) {
        this.base = base;
        this.home = home;
        this.version = version;
        this.time = time;
    }

    /**
     * @param classes the directory of all classes, of which the adapter has some
     * @param start the compiled main class
     * @param zstd the jar of zstd-jni
     */
    void make(Path classes, Path start, Path zstd) throws IOException {
        Path launcher = copy("src/main/launcher/go-cache-adapter", "bin/go-cache-adapter");
        if (!launcher.toFile().setExecutable(true, false)) {
            throw new IOException(launcher + " cannot be made executable");
        }
        copy("LICENSE", "licences/go-cache-adapter.txt");
        for (String licence : List.of("zstd.txt", "zstd-jni.txt")) {
            copy("src/main/launcher/licences/" + licence, "licences/" + licence);
        }
        Path lib = Files.createDirectories(home.resolve("lib"));
        // The launcher's own version, which tells a resident process whether it is too old for it.
        Files.writeString(lib.resolve("version"), version + "\n");

        Map<String, Path> files = new TreeMap<>();
        for (String part : List.of("adapter", "model", "wire")) {
            addClasses(files, classes, classes.resolve("io/gocacheserver").resolve(part));
        }
        files.put(StartClass.FILE, start);
        write(lib.resolve(ADAPTER_JAR), manifest(), files);
        addZstd(zstd);
    }

    /**
     * What the adapter needs of zstd-jni. Not META-INF: the classes there, for Java 22 and newer, call the library through
     * java.lang.foreign, whose first use takes 150 ms; those below com use JNI, and take 5 ms.
     */
    private void addZstd(Path zstd) throws IOException {
        try (var jar = FileSystems.newFileSystem(zstd)) {
            Path root = jar.getPath("/");
            Map<String, Path> files = new TreeMap<>();
            addClasses(files, root, root.resolve("com"));
            write(home.resolve("lib/zstd-jni.jar"), new Manifest(), files);
            Path target = Files.createDirectories(home.resolve("lib/native"));
            for (var library : LIBRARIES.entrySet()) {
                try (var found =
                        Files.newDirectoryStream(root.resolve(library.getKey()), "libzstd-jni-*")) {
                    Files.copy(
                            found.iterator().next(),
                            target.resolve("libzstd-jni-" + library.getValue()));
                }
            }
        }
    }

    private static void addClasses(Map<String, Path> files, Path root, Path directory)
            throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), file);
            }
        }
    }

    private Manifest manifest() {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, StartClass.NAME);
        attributes.put(Attributes.Name.IMPLEMENTATION_TITLE, "go-cache-adapter");
        attributes.put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        return manifest;
    }

    /** The same bytes whenever and wherever it is written. */
    private void write(Path jar, Manifest manifest, Map<String, Path> files) throws IOException {
        LocalDateTime written = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            put(out, "META-INF/MANIFEST.MF", written);
            manifest.write(out);
            for (var file : files.entrySet()) {
                put(out, file.getKey(), written);
                Files.copy(file.getValue(), (OutputStream) out);
            }
        }
    }

    private static void put(ZipOutputStream out, String name, LocalDateTime written)
            throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(written);
        out.putNextEntry(entry);
    }

    private Path copy(String from, String to) throws IOException {
        Path target = home.resolve(to);
        Files.createDirectories(target.getParent());
        return Files.copy(base.resolve(from), target);
    }
}
