package io.gocacheserver.adapter.cli;

import java.io.File;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The flags of {@code ci start} that the job's {@code go} commands are to have too, as {@code --flag=value} each. Names of
 * files become absolute, since those commands run in other directories.
 */
public final class SessionFlags {

    /** A token must not be seen by {@code ps}; the others are for the resident process. */
    private static final Set<Setting> NOT_FOR_SESSIONS =
            EnumSet.of(
                    Setting.TOKEN,
                    Setting.STABLE_TIMES,
                    Setting.SOCKET,
                    Setting.IDLE_TIMEOUT,
                    Setting.RESIDENT);

    private SessionFlags() {}

    /**
     * Picks them.
     *
     * @param args {@code ci start} and its flags, which {@link CommandLine} has understood
     */
    public static List<String> of(String[] args) {
        List<String> flags = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            String flag = args[i].substring(args[i].startsWith("--") ? 2 : 1);
            int equals = flag.indexOf('=');
            Setting setting = Setting.ofFlag(equals < 0 ? flag : flag.substring(0, equals));
            if (setting == null) {
                throw new IllegalArgumentException("unknown flag " + args[i]);
            }
            String value;
            if (equals >= 0) {
                value = flag.substring(equals + 1);
            } else {
                value = setting.isSwitch() ? "true" : args[++i];
            }
            if (!NOT_FOR_SESSIONS.contains(setting)) {
                flags.add(
                        "--" + setting.flag() + '=' + (isFile(setting) ? absolute(value) : value));
            }
        }
        return flags;
    }

    private static boolean isFile(Setting setting) {
        return setting.placeholder().equals("FILE") || setting.placeholder().equals("DIR");
    }

    private static String absolute(String name) {
        return name.isEmpty() ? name : new File(name).getAbsolutePath();
    }
}
