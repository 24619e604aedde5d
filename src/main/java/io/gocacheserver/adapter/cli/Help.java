package io.gocacheserver.adapter.cli;

/** The text of {@code --help}, made from {@link Setting}. */
public final class Help {

    private static final int FLAG_WIDTH = 31;

    private Help() {}

    /** Some thirty lines, the last one ended. */
    public static String text() {
        StringBuilder text = new StringBuilder(4096);
        text.append(
                """
                go-cache-adapter lets the Go command use a go-cache-server.

                  export GOCACHEPROG="go-cache-adapter --server http://host:8080"
                  go build ./...

                Commands:

                  serve, stop           the resident process: start it, drain and end it
                  ci start, ci stop     the same for a CI job
                  stable-times [DIR]    give the files of a Git checkout times that follow from
                                        their content, so that results of tests are found
                  restore, save         fill GOCACHE from the service, send what is new, for
                                        builds without GOCACHEPROG
                  explain [BUILD]       why packages missed, of the last build here or of any
                                        by its number
                  doctor                check service, token, clock, directory and Go

                Flags, each followed by its environment variable (the flag wins):

                """);
        for (Setting setting : Setting.values()) {
            String flag =
                    "  --"
                            + setting.flag()
                            + (setting.isSwitch() ? "" : " " + setting.placeholder());
            text.append(flag);
            text.repeat(' ', Math.max(1, FLAG_WIDTH - flag.length()));
            text.append(setting.variable()).append("\n      ").append(setting.meaning());
            if (!setting.defaultValue().isEmpty() && !setting.isSwitch()) {
                text.append(" (default ").append(setting.defaultValue()).append(')');
            }
            text.append('\n');
        }
        return text.append(
                        """
                          --help, --version

                        Durations are written as in Go: 500ms, 10s, 1m30s.
                        Exit codes: 0 done; 1 no usable cache directory, no Java, or stdin is not the
                        Go command's protocol; 2 wrong flags or settings.
                        """)
                .toString();
    }
}
