package io.gocacheserver.adapter.session;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.system.ChildProcess;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Lets {@code go tool -n} print a path that stays. With a helper cmd/go keeps no executable: it would print where it has
 * linked the tool, in a directory that it removes as it ends. So when it is about to link, the same command runs without a
 * helper on the same cache directory. It finds all that is compiled there, links, and keeps the executable, which is the
 * answer then.
 *
 * <p>The Go command is about to link when it asks for something that no cache has, shortly after it was given or has made
 * the archive of a package main. If it is about to do something else, the executable is there when it does link.
 */
public final class ToolLink {

    private static final int LATEST = 16;
    private static final int HEAD_LENGTH = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Supplier<GoInvocation> invocation;
    private final String cacheDirectory;
    private final Deque<String> latest = new ArrayDeque<>();
    private boolean over;

    /** The invocation is asked for only if something is missed. */
    public ToolLink(Supplier<GoInvocation> invocation, String cacheDirectory) {
        this.invocation = invocation;
        this.cacheDirectory = cacheDirectory;
    }

    /** The Go command has been given an object, or has made it. */
    synchronized void saw(CachedObject object) {
        if (!over) {
            latest.addLast(object.path());
            if (latest.size() > LATEST) {
                latest.removeFirst();
            }
        }
    }

    /** No cache has what the Go command asks for. Whether that may be there now. Blocks while it links. */
    boolean link() {
        List<String> command;
        synchronized (this) {
            if (over) {
                return false;
            }
            command = invocation.get().toolPathCommand();
            over = command.isEmpty() || latest.stream().anyMatch(ToolLink::isMainPackage);
            if (command.isEmpty() || !over) {
                return false;
            }
        }
        return run(command);
    }

    private boolean run(List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(new File(invocation.get().directory()));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(invocation.get().environment());
        environment.put("GOCACHE", cacheDirectory);
        // Settings of go env -w are in the environment already, and one of them may be GOCACHEPROG.
        environment.put("GOENV", "off");
        environment.remove("GOCACHEPROG");
        try {
            return ChildProcess.run(builder, StandardCharsets.UTF_8, LIMIT).exit() == 0;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** By what the compiler writes at the beginning of an archive. */
    private static boolean isMainPackage(String file) {
        try (InputStream in = new FileInputStream(file)) {
            String head = new String(in.readNBytes(HEAD_LENGTH), StandardCharsets.ISO_8859_1);
            return head.startsWith("!<arch>\n__.PKGDEF") && head.contains("\nmain\n");
        } catch (IOException e) {
            return false;
        }
    }
}
