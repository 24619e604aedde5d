package io.gocacheserver.adapter.profile;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;

/**
 * The module or workspace that is built.
 *
 * @param name its module path; of a workspace that of its first module; of a directory below {@code GOPATH/src} its import
 *     path; empty if there is none
 * @param root its directory; empty if there is none
 * @param place the working directory below that, with slashes; empty for the root itself
 * @param isWorkspace whether a {@code go.work} decides
 */
record MainModule(String name, String root, String place, boolean isWorkspace) {

    /** Looks for {@code go.work} and {@code go.mod} where cmd/go does: in the working directory, and upwards. */
    static MainModule of(GoInvocation invocation, GoCommand command) {
        String remote = command.versionedPackage();
        if (!remote.isEmpty()) {
            return new MainModule(remote, "", "", false);
        }
        String directory = directory(invocation);
        if (directory.isEmpty()) {
            return new MainModule("", "", "", false);
        }
        File working = new File(directory);
        if (invocation.variable("GO111MODULE").equals("off")) {
            return inGoPath(directory, invocation.variable("GOPATH"));
        }
        File workspace = workspace(working, invocation.variable("GOWORK"));
        File module = upwards(working, "go.mod");
        if (workspace != null) {
            File root = workspace.getParentFile();
            return new MainModule(
                    workspaceName(workspace), root.getPath(), below(root, directory), true);
        }
        if (module == null) {
            return new MainModule("", "", "", false);
        }
        File root = module.getParentFile();
        String modFile = command.modFile();
        File other = new File(modFile);
        String name =
                modFile.isEmpty()
                        ? ""
                        : moduleName(other.isAbsolute() ? other : new File(working, modFile));
        return new MainModule(
                name.isEmpty() ? moduleName(module) : name,
                root.getPath(),
                below(root, directory),
                false);
    }

    /** As cmd/go names it: if it got here by a symbolic link, {@code PWD} knows, and is what file names begin with. */
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

    private static MainModule inGoPath(String directory, String goPath) {
        String source = goPath + File.separatorChar + "src" + File.separatorChar;
        String name =
                !goPath.isEmpty() && directory.startsWith(source)
                        ? directory.substring(source.length()).replace('\\', '/')
                        : "";
        return new MainModule(name, name.isEmpty() ? "" : directory, "", false);
    }

    private static String below(File root, String directory) {
        int length = root.getPath().length();
        return directory.length() <= length ? "" : directory.substring(length).replace('\\', '/');
    }

    private static String moduleName(File goMod) {
        return ModFileText.firstArgument(SmallFile.readIfThere(goMod), "module");
    }

    private static String workspaceName(File goWork) {
        String used = ModFileText.firstArgument(SmallFile.readIfThere(goWork), "use");
        File directory = new File(used);
        File base = directory.isAbsolute() ? directory : new File(goWork.getParentFile(), used);
        String name = used.isEmpty() ? "" : moduleName(new File(base, "go.mod"));
        return name.isEmpty() ? goWork.getParentFile().getName() : name;
    }
}
