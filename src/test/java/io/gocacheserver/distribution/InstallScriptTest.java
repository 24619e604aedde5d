package io.gocacheserver.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.distribution.AdapterController.AdapterArchive;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.FileSystemResource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/** The installer on made-up machines, with made-up archives, which may not be what they should be. Scripts are its curl and uname. */
@Needs({Program.GZIP, Program.SHA256SUM, Program.TAR})
class InstallScriptTest {

    private static final String ADAPTER = "go-cache-adapter-0.1.0-";
    private static final String HOME = ADAPTER + "any";
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

    private record Result(int exitCode, String stdout, String stderr) {}

    @TempDir private Path temp;
    private Path archive = Path.of("");
    private Path directory = Path.of("");
    private Path victim = Path.of("");
    private final Map<String, String> environment = new HashMap<>();

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

        Result result = install(temp);

        assertThat(result.exitCode()).as(result.stderr()).isZero();
        Path launcher = directory.resolve("current/bin/go-cache-adapter");
        assertThat(launcher).isExecutable();
        assertThat(result.stdout())
                .isEqualTo(
                        "go env -w GOCACHEPROG=\"%s --server http://cache\" # switches it on for all your builds\n"
                                .formatted(launcher));
        assertThat(temp.resolve(".local")).as("--dir makes no link").doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, x86_64, linux-x86_64",
        "Linux, amd64, linux-x86_64",
        "Linux, aarch64, linux-aarch64",
        "Linux, arm64, linux-aarch64",
        "Linux, riscv64, any",
        "Darwin, x86_64, darwin-x86_64",
        "Darwin, arm64, darwin-aarch64",
        "FreeBSD, amd64, any"
    })
    void takesTheArchiveForThePlatform(String system, String machine, String platform)
            throws Exception {
        List<AdapterArchive> archives = new ArrayList<>();
        for (String each :
                List.of(
                        "any",
                        "darwin-aarch64",
                        "darwin-x86_64",
                        "linux-aarch64",
                        "linux-x86_64",
                        "windows-x86_64")) {
            archives.add(write(ADAPTER + each, List.of()));
        }
        environment.put("SYSTEM", system);
        environment.put("MACHINE", machine);

        Result result = install(temp, archives);

        assertThat(result.exitCode()).as(result.stderr()).isZero();
        assertThat(directory.resolve("current").toRealPath().getFileName().toString())
                .startsWith(ADAPTER + platform + "-");
        assertThat(result.stderr().contains("needs an installed Java"))
                .isEqualTo(platform.equals("any"));
    }

    @Test
    void saysWhatToDoOnWindows() throws Exception {
        environment.put("SYSTEM", "MINGW64_NT-10.0-26100");
        AdapterArchive windows = write(ADAPTER + "windows-x86_64", List.of());

        Result result = install(temp, List.of(windows));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr()).contains("\"Windows\" in docs/adapter.md");
        assertThat(Path.of("docs/adapter.md")).content().contains("\n## Windows\n");
    }

    @Test
    void saysWhyThereIsNothingToInstall() throws Exception {
        Result result = install(temp, List.of());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr())
                .startsWith("install.sh: the service at http://cache offers no adapter: its ")
                .contains("./mvnw -DskipTests package");
    }

    @Test
    void linksTheAdapterWhereShellsFindIt() throws Exception {
        write(List.of());
        directory = Path.of("");

        Result result = install(temp);

        Path bin = temp.resolve(".local/bin");
        assertThat(result.exitCode()).as(result.stderr()).isZero();
        assertThat(bin.resolve("go-cache-adapter")).isSymbolicLink().isExecutable();
        assertThat(result.stderr())
                .contains("linked: " + bin.resolve("go-cache-adapter"))
                .contains("to call the adapter by its name: export PATH=\"" + bin + ":$PATH\"");

        environment.put("MORE_PATH", ":" + bin);
        assertThat(install(temp).stderr()).contains("linked: ").doesNotContain("export PATH");
    }

    @Test
    void leavesAProgramOfThatNameAlone() throws Exception {
        write(List.of());
        directory = Path.of("");
        Path other =
                Files.createDirectories(temp.resolve(".local/bin")).resolve("go-cache-adapter");
        Files.writeString(other, "of the user");

        Result result = install(temp);

        assertThat(result.exitCode()).as(result.stderr()).isZero();
        assertThat(result.stderr()).contains(other + " is no link, and stays what it is");
        assertThat(other).hasContent("of the user");
    }

    @Test
    void isOnThePathOfTheLaterStepsOfAJobAtGitHub() throws Exception {
        write(List.of());
        Path file = Files.writeString(temp.resolve("path"), "earlier\n");
        environment.put("GITHUB_PATH", file.toString());

        Result result = install(temp);

        assertThat(result.exitCode()).as(result.stderr()).isZero();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2).first().isEqualTo("earlier");
        assertThat(Path.of(lines.getLast(), "go-cache-adapter")).isExecutable();
    }

    /** By which it starts in half the time, if those who packed it could not run it. */
    @Test
    void hasTheAdapterMakeAnArchiveOfItsClasses() throws Exception {
        write(List.of(new Member(HOME + "/lib/classes", FILE, "java/lang/Object\n")));

        Result result = install(temp);

        assertThat(result.exitCode()).as(result.stderr()).isZero();
        assertThat(directory.resolve("current/lib/made.jsa")).exists();
    }

    @Test
    void whatItInstallsBelongsToWhoInstallsIt() throws Exception {
        write(List.of());

        install(temp);

        assertThat(Files.getOwner(directory.resolve("current/bin/go-cache-adapter")))
                .isEqualTo(Files.getOwner(victim));
    }

    @Test
    void refusesAnArchiveThatWasTamperedWith() throws Exception {
        write(List.of());
        Path tampered = Files.createDirectory(temp.resolve("tampered"));
        byte[] bytes = Files.readAllBytes(archive);
        bytes[bytes.length / 2] ^= 1;
        Files.write(tampered.resolve(archive.getFileName()), bytes);

        Result result = install(tampered);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr()).contains("is damaged");
        assertThat(directory).isEmptyDirectory();
    }

    /** Even if its hash is right. What tar leaves out of the path is no harm; nothing may lie outside. */
    @ParameterizedTest
    @EnumSource
    void unpacksNothingOutsideItsDirectory(Climber climber) throws Exception {
        write(climber.members());

        install(temp);

        assertThat(victim).hasContent("of somebody else");
        try (var files = Files.walk(temp)) {
            assertThat(files.filter(file -> file.endsWith("outside")))
                    .allMatch(file -> file.startsWith(directory));
        }
    }

    private AdapterArchive write(List<Member> more) throws IOException {
        return write(HOME, more);
    }

    private AdapterArchive write(String name, List<Member> more) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        new Member(
                        name + "/bin/go-cache-adapter",
                        FILE,
                        "#!/bin/sh\n[ $1 != archive-classes ] || >${0%/*}/../lib/made.jsa\n")
                .writeTo(tar);
        for (Member member : more) {
            member.writeTo(tar);
        }
        tar.write(new byte[2 * BLOCK]);
        Path file = temp.resolve(name + ".tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            tar.writeTo(out);
        }
        return archive(file);
    }

    private static AdapterArchive archive(Path file) throws IOException {
        return Objects.requireNonNull(AdapterArchive.of(new FileSystemResource(file)));
    }

    private Result install(Path fetched) throws Exception {
        return install(fetched, List.of(archive(archive)));
    }

    /** Runs the script for these archives; what it fetches are the files in the directory. */
    private Result install(Path fetched, List<AdapterArchive> archives) throws Exception {
        Path tools = Files.createDirectories(temp.resolve("tools"));
        program(tools.resolve("curl"), "for url; do :; done\ncp \"$FETCHED/${url##*/}\" \"$3\"\n");
        program(tools.resolve("uname"), "[ $1 = -s ] && echo $SYSTEM || echo $MACHINE\n");
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        if (!directory.equals(Path.of(""))) {
            command.addAll(List.of("--dir", directory.toString()));
        }
        Path script =
                Files.writeString(
                        temp.resolve("install.sh"),
                        AdapterController.script("http://cache", archives));
        Path stderr = temp.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectError(stderr.toFile())
                        .redirectInput(script.toFile());
        Map<String, String> variables = builder.environment();
        String path = tools + ":" + variables.get("PATH");
        variables.keySet().removeAll(List.of("GITHUB_PATH", "XDG_DATA_HOME"));
        variables.putAll(
                Map.of(
                        "HOME",
                        temp.toString(),
                        "FETCHED",
                        fetched.toString(),
                        "SYSTEM",
                        "Linux",
                        "MACHINE",
                        "x86_64"));
        variables.putAll(environment);
        variables.put("PATH", path + environment.getOrDefault("MORE_PATH", ""));
        Process process = builder.start();
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), stdout, Files.readString(stderr));
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
