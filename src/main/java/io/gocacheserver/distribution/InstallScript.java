package io.gocacheserver.distribution;

import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Fills in the script that installs the adapter: its URL, and the archives with their checksums. Text of a request gets into it
 * only if it means nothing to a shell.
 */
@Component
final class InstallScript {

    private static final Pattern HARMLESS_URL =
            Pattern.compile("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9._~/-]*)?");

    private final String template;

    InstallScript() throws IOException {
        template =
                new ClassPathResource("adapter/install.sh")
                        .getContentAsString(StandardCharsets.UTF_8);
    }

    /** Leaves a server's URL out that is not certainly harmless: then the script asks for it. */
    String render(String server, List<AdapterArchive> archives) {
        StringBuilder lines = new StringBuilder();
        for (AdapterArchive archive : archives) {
            lines.append(archive.platform()).append(' ').append(archive.sha256());
            lines.append(' ').append(archive.name()).append('\n');
        }
        return template.replace("@SERVER@", HARMLESS_URL.matcher(server).matches() ? server : "")
                .replace("@ARCHIVES@\n", lines);
    }
}
