package io.gocacheserver.adapter.session;

import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.profile.GoInvocation;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ToolLinkTest {

    private static final String LIBRARY =
            "!<arch>\n__.PKGDEF       0           0     0     644     1000      `\ngo object\n\n$$B\n";
    private static final String MAIN =
            LIBRARY.replace("object\n", "object\nbuild id \"a/b\"\nmain\n");

    @TempDir private Path directory;

    private Path calls;
    private int asked;

    @BeforeEach
    void makeGo() throws IOException {
        calls = directory.resolve("calls");
        script("echo \"$PWD $* cache=$GOCACHE helper=$GOCACHEPROG env=$GOENV\" >>" + calls);
    }

    @Test
    void runsTheSameCommandWithoutAHelperOnTheSameDirectory() throws IOException {
        ToolLink link = link("go tool -n gen x");
        link.saw(object(LIBRARY));
        link.saw(object(MAIN));

        assertThat(link.link()).isTrue();
        assertThat(calls).hasContent(directory + " tool -n gen cache=/cache helper= env=off\n");
    }

    @Test
    void linksOnce() throws IOException {
        ToolLink link = link("go tool -n gen");
        link.saw(object(MAIN));

        assertThat(link.link()).isTrue();
        assertThat(link.link()).isFalse();
        assertThat(calls).content().hasLineCount(1);
    }

    @Test
    void doesNotLinkBeforeThePackageMainIsThere() throws IOException {
        ToolLink link = link("go tool -n gen");
        link.saw(object(LIBRARY));
        assertThat(link.link()).isFalse();
        assertThat(calls).doesNotExist();

        link.saw(object(MAIN));
        assertThat(link.link()).isTrue();
    }

    @Test
    void leavesOtherCommandsAlone() throws IOException {
        ToolLink link = link("go tool gen -n");
        link.saw(object(MAIN));

        assertThat(link.link()).isFalse();
        assertThat(link.link()).isFalse();
        assertThat(calls).doesNotExist();
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aGoThatFailsOrIsNotThereLinksNothing() throws IOException {
        script("exit 1");
        ToolLink link = link("go tool -n gen");
        link.saw(object(MAIN));
        assertThat(link.link()).isFalse();

        Files.delete(directory.resolve("bin/go"));
        link = link("go tool -n gen");
        link.saw(object(MAIN));
        assertThat(link.link()).isFalse();
    }

    private ToolLink link(String command) {
        GoInvocation invocation =
                new GoInvocation(
                        directory.toString(),
                        List.of(command.split(" ")),
                        Map.of("GOROOT", directory.toString(), "GOCACHEPROG", "adapter"));
        return new ToolLink(
                () -> {
                    asked++;
                    return invocation;
                },
                "/cache");
    }

    private void script(String line) throws IOException {
        Path go = directory.resolve("bin/go");
        Files.createDirectories(go.getParent());
        Files.writeString(go, "#!/bin/sh\n" + line + '\n');
        assertThat(go.toFile().setExecutable(true)).isTrue();
    }

    private CachedObject object(String content) throws IOException {
        Path file = Files.createTempFile(directory, "object", "-d");
        Files.writeString(file, content);
        byte[] object = bytes(content);
        return new CachedObject(output(object), object.length, 1, file.toString());
    }
}
