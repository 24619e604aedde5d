import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;

/** Compiles the main class of both jars for Java 8, and makes it the service's. */
final class StartClass {

    static final String NAME = "io.gocacheserver.start.Start";
    static final String FILE = "io/gocacheserver/start/Start.class";

    private static final String LOADER = "org.springframework.boot.loader.launch.JarLauncher";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    /**
     * @param args the project's directory, one for the class, the service's jar, and the time that new files in it get, in ISO
     *     8601
     */
    public static void main(String[] args) throws Exception {
        Path start = compile(Path.of(args[0]), Path.of(args[1]));
        FileTime time = FileTime.from(Instant.parse(args[3]));
        try (var jar = FileSystems.newFileSystem(Path.of(args[2]))) {
            Manifest manifest;
            try (var in = Files.newInputStream(jar.getPath(MANIFEST))) {
                manifest = new Manifest(in);
            }
            String before = manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (!before.equals(LOADER) && !before.equals(NAME)) {
                throw new IOException(NAME + " starts " + LOADER + ", and not " + before);
            }
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, NAME);
            try (var out = Files.newOutputStream(jar.getPath(MANIFEST))) {
                manifest.write(out);
            }
            Path file = jar.getPath(FILE);
            Files.createDirectories(file.getParent());
            Files.copy(start, file, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(file, time);
            Files.setLastModifiedTime(jar.getPath(MANIFEST), time);
        }
    }

    /** Where the class is that this has compiled into the directory. */
    static Path compile(Path base, Path directory) throws IOException {
        StringWriter log = new StringWriter();
        PrintWriter out = new PrintWriter(log, true);
        String source =
                base.resolve("src/main/start/" + FILE.replace(".class", ".java")).toString();
        int exit =
                ToolProvider.findFirst("javac")
                        .orElseThrow(() -> new IOException("this Java has no javac"))
                        .run(
                                out,
                                out,
                                "--release=8",
                                "-Xlint:-options",
                                "-d",
                                directory.toString(),
                                source);
        if (exit != 0) {
            throw new IOException(log.toString());
        }
        return directory.resolve(FILE);
    }
}
