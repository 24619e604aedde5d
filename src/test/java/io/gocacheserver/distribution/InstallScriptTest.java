package io.gocacheserver.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.FileSystemResource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The installer with archives that are not what they should be. A script in the place of curl fetches them. */
@Needs({Program.GZIP, Program.SHA256SUM, Program.TAR})
class InstallScriptTest {

    private static final String HOME = "go-cache-adapter-0.1.0-any";
    private static final int BLOCK = 512;
    private static final char FILE = '0';
    private static final char HARD_LINK = '1';
    private static final char LINK = '2';

    /** What follows the adapter in an archive: a member that would come to lie outside, by its name or through a link. */
    enum Climber {
        PARENT,
        PARENT_OF_PARENT,
        THROUGH_A_LINK,
        THROUGH_A_HARD_LINK;

        List<Member> members() {
            return switch (this) {
                case PARENT -> List.of(new Member("../outside", FILE, "x"));
                case PARENT_OF_PARENT -> List.of(new Member(HOME + "/../../../outside", FILE, "x"));
                case THROUGH_A_LINK ->
                        List.of(
                                new Member(HOME + "/out", LINK, "../../.."),
                                new Member(HOME + "/out/outside", FILE, "x"));
                case THROUGH_A_HARD_LINK ->
                        List.of(
                                new Member(HOME + "/out", HARD_LINK, "../../victim"),
                                new Member(HOME + "/out", FILE, "x"));
            };
        }
    }

    /**
     * One member of an archive.
     *
     * @param content of a file; the target of a link
     */
    record Member(String name, char kind, String content) {

        void writeTo(OutputStream out) throws IOException {
            byte[] data = kind == FILE ? content.getBytes(StandardCharsets.UTF_8) : new byte[0];
            byte[] header = new byte[BLOCK];
            put(header, 0, name);
            put(header, 100, "0000755");
            put(header, 108, "0010341");
            put(header, 116, "0010341");
            put(header, 124, "%011o".formatted(data.length));
            put(header, 136, "00000000000");
            put(header, 148, "        ");
            header[156] = (byte) kind;
            put(header, 157, kind == FILE ? "" : content);
            put(header, 257, "ustar\0" + "00");
            int sum = 0;
            for (byte each : header) {
                sum += each & 0xff;
            }
            put(header, 148, "%06o\0 ".formatted(sum));
            out.write(header);
            out.write(data);
            out.write(new byte[(BLOCK - data.length % BLOCK) % BLOCK]);
        }

        private static void put(byte[] header, int at, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(bytes, 0, header, at, bytes.length);
        }
    }

    private record Result(int exitCode, String output) {}

    @TempDir private Path temp;
    private Path archive = Path.of("");
    private Path directory = Path.of("");
    private Path victim = Path.of("");

    @BeforeEach
    void makePaths() throws IOException {
        archive = temp.resolve(HOME + ".tar.gz");
        directory = temp.resolve("installed/adapter");
        victim = Files.createDirectory(temp.resolve("installed")).resolve("victim");
        Files.writeString(victim, "of somebody else");
    }

    @Test
    void installsAnArchiveThatIsRight() throws Exception {
        write(List.of());

        Result result = install(archive);

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(directory.resolve("current/bin/go-cache-adapter")).isExecutable();
    }

    @Test
    void whatItInstallsBelongsToWhoInstallsIt() throws Exception {
        write(List.of());

        install(archive);

        assertThat(Files.getOwner(directory.resolve("current/bin/go-cache-adapter")))
                .isEqualTo(Files.getOwner(victim));
    }

    @Test
    void refusesAnArchiveThatWasTamperedWith() throws Exception {
        write(List.of());
        Path tampered = temp.resolve("tampered");
        byte[] bytes = Files.readAllBytes(archive);
        bytes[bytes.length / 2] ^= 1;
        Files.write(tampered, bytes);

        Result result = install(tampered);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).contains("is damaged");
        assertThat(directory).isEmptyDirectory();
    }

    /** Even if its hash is right. What tar leaves out of the path is no harm; nothing may lie outside. */
    @ParameterizedTest
    @EnumSource
    void unpacksNothingOutsideItsDirectory(Climber climber) throws Exception {
        write(climber.members());

        install(archive);

        assertThat(victim).hasContent("of somebody else");
        try (var files = Files.walk(temp)) {
            assertThat(files.filter(file -> file.endsWith("outside")))
                    .allMatch(file -> file.startsWith(directory));
        }
    }

    private void write(List<Member> more) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        new Member(HOME + "/bin/go-cache-adapter", FILE, "#!/bin/sh\necho 0.1.0\n").writeTo(tar);
        for (Member member : more) {
            member.writeTo(tar);
        }
        tar.write(new byte[2 * BLOCK]);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            tar.writeTo(out);
        }
    }

    /** Runs the script for the archive; what it fetches is the other file. */
    private Result install(Path fetched) throws Exception {
        String script =
                new InstallScript()
                        .render(
                                "http://cache",
                                List.of(AdapterArchive.of(new FileSystemResource(archive))));
        Path tools = Files.createDirectory(temp.resolve("tools"));
        Path curl = Files.writeString(tools.resolve("curl"), "#!/bin/sh\ncp \"$FETCHED\" \"$3\"\n");
        assertThat(curl.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-s", "--", "--dir", directory.toString())
                        .redirectErrorStream(true)
                        .redirectInput(
                                Files.writeString(temp.resolve("install.sh"), script).toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", tools + ":" + environment.get("PATH"));
        environment.put("FETCHED", fetched.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
