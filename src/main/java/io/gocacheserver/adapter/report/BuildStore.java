package io.gocacheserver.adapter.report;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The last build of each kind, a text file each in {@code <cache-dir>/go-cache-adapter/builds}:
 *
 * <pre>
 * go-cache-adapter build 1
 * time 1763941000000
 * directory /home/me/project
 * command go build ./...
 * set GOVERSION=go1.26.8
 * actions
 * &lt;action ID&gt; &lt;letter of its {@link BuildRecord.ActionOutcome}&gt;
 * </pre>
 *
 * <p>A kind is a directory and a command line. The file's name begins with what similar builds share, so that one can
 * compare with those where there is no equal one. At most {@value #MAX_FILES} files stay.
 */
final class BuildStore {

    static final int MAX_FILES = 64;

    private static final String HEADER = "go-cache-adapter build 1";

    private final Path directory;

    BuildStore(String cacheDir) {
        this.directory = Path.of(cacheDir, "go-cache-adapter", "builds");
    }

    /**
     * The last build of this kind; else the last one of the same subcommand in this directory; else in one of the same
     * name elsewhere; else null.
     */
    @Nullable StoredBuild last(BuildContext context) {
        Path best = null;
        int bestRank = 0;
        String[] wanted = name(context).split("-", -1);
        for (Path file : newestFirst()) {
            String[] has = String.valueOf(file.getFileName()).split("-", -1);
            int rank = 0;
            while (rank < wanted.length && rank < has.length && wanted[rank].equals(has[rank])) {
                rank++;
            }
            // The first two parts are the directory's last name and the subcommand.
            if (rank >= 2 && rank > bestRank) {
                best = file;
                bestRank = rank;
            }
        }
        return best == null ? null : read(best);
    }

    /** Replaces the last build of its kind. */
    void save(BuildContext context, StoredBuild build) throws IOException {
        Files.createDirectories(directory);
        Path staging = Files.createTempFile(directory, ".new", "");
        try {
            write(staging, build);
            Files.move(
                    staging,
                    directory.resolve(name(context)),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(staging);
        }
        List<Path> files = newestFirst();
        for (Path file : files.subList(Math.min(MAX_FILES, files.size()), files.size())) {
            Files.deleteIfExists(file);
        }
    }

    /** {@code <directory's last name>-<subcommand>-<directory>-<command>}, hashed as far as they are long. */
    private static String name(BuildContext context) {
        Path last = Path.of(context.directory()).getFileName();
        StringBuilder name = new StringBuilder(hash(String.valueOf(last))).append('-');
        String subcommand = context.subcommand();
        for (int i = 0; i < subcommand.length(); i++) {
            char c = subcommand.charAt(i);
            name.append(c >= 'a' && c <= 'z' ? c : '_');
        }
        return name.append('-')
                .append(hash(context.directory()))
                .append('-')
                .append(hash(String.valueOf(context.commandText())))
                .toString();
    }

    private static String hash(String text) {
        return Integer.toHexString(text.hashCode());
    }

    private List<Path> newestFirst() {
        Map<Path, Long> times = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                times.put(file, Files.getLastModifiedTime(file).toMillis());
            }
        } catch (IOException | DirectoryIteratorException e) {
            // None yet, or fewer.
        }
        List<Path> files = new ArrayList<>(times.keySet());
        files.sort(Comparator.comparing((Path file) -> times.getOrDefault(file, 0L)).reversed());
        return files;
    }

    private static void write(Path file, StoredBuild build) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HEADER + "\ntime " + build.millis() + "\ndirectory " + build.directory());
            out.write("\ncommand " + build.command() + '\n');
            for (Map.Entry<String, String> setting : build.settings().entrySet()) {
                out.write("set " + setting.getKey() + '=' + setting.getValue() + '\n');
            }
            out.write("actions\n");
            for (Map.Entry<String, BuildRecord.ActionOutcome> action : build.record().actions()) {
                out.write(action.getKey() + ' ' + action.getValue().letter() + '\n');
            }
        }
    }

    private static @Nullable StoredBuild read(Path file) {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            return HEADER.equals(in.readLine()) ? readFields(in) : null;
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }

    private static StoredBuild readFields(BufferedReader in) throws IOException {
        long millis = 0;
        String directory = "";
        String command = "";
        Map<String, String> settings = new TreeMap<>();
        String line = in.readLine();
        while (line != null && !line.equals("actions")) {
            int blank = line.indexOf(' ');
            String value = line.substring(blank + 1);
            if (line.startsWith("time ")) {
                millis = Long.parseLong(value);
            } else if (line.startsWith("directory ")) {
                directory = value;
            } else if (line.startsWith("command ")) {
                command = value;
            } else if (line.startsWith("set ") && value.indexOf('=') > 0) {
                int equals = value.indexOf('=');
                settings.put(value.substring(0, equals), value.substring(equals + 1));
            }
            line = in.readLine();
        }
        return new StoredBuild(millis, directory, command, settings, readActions(in));
    }

    private static BuildRecord readActions(BufferedReader in) throws IOException {
        BuildRecord record = new BuildRecord();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int blank = line.indexOf(' ');
            BuildRecord.ActionOutcome result =
                    blank < 0 || blank + 2 != line.length()
                            ? null
                            : BuildRecord.ActionOutcome.of(line.charAt(blank + 1));
            if (result != null) {
                record.set(line.substring(0, blank), result);
            }
        }
        return record;
    }
}
