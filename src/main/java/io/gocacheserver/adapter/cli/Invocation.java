package io.gocacheserver.adapter.cli;

/** What the command line asks for. */
public sealed interface Invocation {

    /** To serve one Go command on stdin and stdout. */
    record Serve(Options options) implements Invocation {}

    /** To explain the flags. */
    record Help() implements Invocation {}

    /** To tell the version. */
    record Version() implements Invocation {}
}
