package io.gocacheserver.adapter.profile;

import io.gocacheserver.adapter.system.SmallFile;

import org.jspecify.annotations.Nullable;

import java.io.File;

/** A Git checkout by its own Git directory, and the one that it shares with others; read without Git: see gitrepository-layout(5). */
record GitCheckout(File worktree, File common) {

    private static final String BRANCH = "ref: refs/heads/";
    private static final String URL = "url = ";
    private static final String REMOTE_BRANCH = "ref: refs/remotes/origin/";

    static @Nullable GitCheckout above(File directory) {
        for (File at = directory; at != null; at = at.getParentFile()) {
            File git = new File(at, ".git");
            if (git.isDirectory()) {
                return new GitCheckout(git, git);
            }
            if (git.isFile()) {
                return linked(at, git);
            }
        }
        return null;
    }

    private static @Nullable GitCheckout linked(File tree, File git) {
        String text = SmallFile.readIfThere(git).strip();
        if (!text.startsWith("gitdir:")) {
            return null;
        }
        File worktree = resolve(tree, text.substring("gitdir:".length()).strip());
        String shared = SmallFile.readIfThere(new File(worktree, "commondir")).strip();
        return new GitCheckout(worktree, shared.isEmpty() ? worktree : resolve(worktree, shared));
    }

    private static File resolve(File base, String name) {
        File file = new File(name);
        return file.isAbsolute() ? file : new File(base, name);
    }

    /** The branch that is checked out; the empty text for a commit without. */
    String branch() {
        String branch = after(BRANCH, new File(worktree, "HEAD"));
        return branch.equals(".invalid") ? "" : branch; // references do not lie in files
    }

    /** The default branch of where this was cloned from; the empty text if that is not known. */
    String defaultBranch() {
        return after(REMOTE_BRANCH, new File(common, "refs/remotes/origin/HEAD"));
    }

    private static String after(String prefix, File file) {
        String text = SmallFile.readIfThere(file).strip();
        return text.startsWith(prefix) ? text.substring(prefix.length()) : "";
    }

    /** The URL of where this was cloned from; the empty text if that is not known. */
    String origin() {
        String config = SmallFile.readIfThere(new File(common, "config"));
        int section = config.indexOf("[remote \"origin\"]");
        int url = section < 0 ? -1 : config.indexOf(URL, section);
        int end = section < 0 ? -1 : config.indexOf("\n[", section);
        return url < 0 || (end >= 0 && url > end)
                ? ""
                : config.substring(url + URL.length()).split("\n", 2)[0].strip();
    }
}
