package io.gocacheserver.adapter.profile;

import io.gocacheserver.adapter.system.SmallFile;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;

/**
 * The module or workspace that is built.
 *
 * @param name its module path; of a workspace that of its first module; empty if there is none
 * @param root its directory; empty if there is none
 * @param directory the working directory, as cmd/go names it
 */
record MainModule(String name, String root, String directory) {

    /** Looks for {@code go.work} and {@code go.mod} where cmd/go does: in the working directory, and upwards. */
    static MainModule of(GoInvocation invocation, GoLine line) {
        String directory = directory(invocation);
        String remote = versionedPackage(line);
        if (!remote.isEmpty() || directory.isEmpty()) {
            return new MainModule(remote, "", directory);
        }
        File working = new File(directory);
        File workspace = workspace(working, invocation.variable("GOWORK"));
        if (workspace != null) {
            String root = workspace.getParentFile().getPath();
            return new MainModule(workspaceName(workspace), root, directory);
        }
        File module = upwards(working, "go.mod");
        return module == null
                ? new MainModule("", "", directory)
                : new MainModule(moduleName(module), module.getParentFile().getPath(), directory);
    }

    /** The package of {@code go install package@version} or {@code go run package@version}; the empty text for others. */
    private static String versionedPackage(GoLine line) {
        String first = line.packages().isEmpty() ? "" : line.packages().get(0);
        int at = first.indexOf('@');
        boolean may = line.name().equals("install") || line.name().equals("run");
        return may && at > 0 && !first.startsWith(".") && !first.startsWith("/")
                ? first.substring(0, at)
                : "";
    }

    /** If it got here by a symbolic link, {@code PWD} knows, and is what file names begin with. */
    private static String directory(GoInvocation invocation) {
        String real = invocation.directory();
        String named = invocation.variable("PWD");
        if (named.isEmpty() || named.equals(real) || !new File(named).isAbsolute()) {
            return real;
        }
        try {
            String canonical = new File(real).getCanonicalPath();
            return new File(named).getCanonicalPath().equals(canonical) ? named : real;
        } catch (IOException e) {
            return real;
        }
    }

    private static @Nullable File workspace(File working, String chosen) {
        if (chosen.equals("off")) {
            return null;
        }
        if (chosen.isEmpty() || chosen.equals("auto")) {
            return upwards(working, "go.work");
        }
        File file = new File(chosen);
        return file.isAbsolute() && file.isFile() ? file : null;
    }

    private static @Nullable File upwards(File directory, String name) {
        for (File at = directory; at != null; at = at.getParentFile()) {
            File file = new File(at, name);
            if (file.isFile()) {
                return file;
            }
        }
        return null;
    }

    private static String moduleName(File goMod) {
        return firstArgument(SmallFile.readIfThere(goMod), "module");
    }

    private static String workspaceName(File goWork) {
        String used = firstArgument(SmallFile.readIfThere(goWork), "use");
        File directory = new File(used);
        File base = directory.isAbsolute() ? directory : new File(goWork.getParentFile(), used);
        String name = used.isEmpty() ? "" : moduleName(new File(base, "go.mod"));
        return name.isEmpty() ? goWork.getParentFile().getName() : name;
    }

    /** The first argument of a directive in a {@code go.mod} or {@code go.work}, in a line of its own or in a block; the empty text for none. */
    static String firstArgument(String text, String directive) {
        boolean inBlock = false;
        for (String whole : text.split("\n")) {
            int comment = whole.indexOf("//");
            String line = (comment < 0 ? whole : whole.substring(0, comment)).strip();
            if (inBlock && !line.isEmpty()) {
                return line.equals(")") ? "" : unquoted(line);
            }
            String rest = line.startsWith(directive) ? line.substring(directive.length()) : "";
            if (rest.strip().startsWith("(")) {
                inBlock = true;
            } else if (rest.startsWith(" ") || rest.startsWith("\t")) {
                return unquoted(rest.strip());
            }
        }
        return "";
    }

    private static String unquoted(String word) {
        char first = word.charAt(0);
        boolean quoted = word.length() > 1 && (first == '"' || first == '`');
        return quoted && word.charAt(word.length() - 1) == first
                ? word.substring(1, word.length() - 1)
                : word;
    }
}
