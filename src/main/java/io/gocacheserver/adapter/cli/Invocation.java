package io.gocacheserver.adapter.cli;

import org.jspecify.annotations.Nullable;

/** The command that a command line names. */
public sealed interface Invocation {

    /** To serve one Go command on stdin and stdout. */
    record Session(Options options) implements Invocation {}

    /**
     * To serve many Go commands, until idle: {@code serve}.
     *
     * @param session for those that connect to the socket by themselves; null if no server was named
     */
    record Serve(ResidentOptions options, @Nullable Options session) implements Invocation {}

    /** To drain and end a resident process: {@code stop}. */
    record Stop(ResidentOptions options) implements Invocation {}

    /** To start a resident process for a CI job, and say how to use it: {@code ci start}. */
    record CiStart(ResidentOptions options, Options session, boolean stableTimes)
            implements Invocation {}

    /** To drain a CI job's resident process, sum up and end it: {@code ci stop}. */
    record CiStop(ResidentOptions options) implements Invocation {}

    /** To check that everything is in order: {@code doctor}. */
    record Doctor(Options options, ResidentOptions resident) implements Invocation {}

    /** To fill the cache directory from a build profile, for builds without a helper: {@code restore}. */
    record Restore(Options options) implements Invocation {}

    /** To send what builds without a helper have used and the service lacks: {@code save}. */
    record Save(Options options) implements Invocation {}

    /** To give the files of a checkout times that follow from their content: {@code stable-times}. */
    record StableTimes(String directory) implements Invocation {}

    /** To print why packages of a build missed: {@code explain}; the last one here if none is named. */
    record Explain(Options options, String build) implements Invocation {}

    /** To explain the flags. */
    record Help() implements Invocation {}

    /** To tell the version. */
    record Version() implements Invocation {}
}
