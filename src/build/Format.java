import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks ({@code check}) or applies ({@code fix}) google-java-format to every Java file below a folder. */
final class Format {

    public static void main(String[] args) throws Exception {
        boolean fix = args[0].equals("fix");
        var options =
                JavaFormatterOptions.builder()
                        .style(JavaFormatterOptions.Style.AOSP)
                        .formatJavadoc(false)
                        .build();
        var formatter = new Formatter(options);
        List<Path> unformatted = new ArrayList<>();
        List<Path> sources;
        try (var files = Files.walk(Path.of(args[1]))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
        for (Path source : sources) {
            String before = Files.readString(source);
            String after =
                    formatter.formatSource(
                            RemoveUnusedImports.removeUnusedImports(
                                    ImportOrderer.reorderImports(
                                            before, JavaFormatterOptions.Style.AOSP)));
            if (!before.equals(after)) {
                unformatted.add(source);
                if (fix) {
                    Files.writeString(source, after);
                }
            }
        }
        unformatted.forEach(
                source -> System.out.println((fix ? "formatted " : "not formatted: ") + source));
        if (!fix && !unformatted.isEmpty()) {
            System.err.println("Format them with: ./mvnw process-test-classes -Dformat.mode=fix");
            System.exit(1);
        }
    }
}
