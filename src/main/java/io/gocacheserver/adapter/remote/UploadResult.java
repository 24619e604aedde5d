package io.gocacheserver.adapter.remote;

/** The outcome of sending an object to the service. */
public sealed interface UploadResult {

    /** The service has it now. The bytes are those sent, perhaps compressed. */
    record Stored(long bytes) implements UploadResult {}

    /** The service had the object already, and now has the action too. */
    record AlreadyThere() implements UploadResult {}

    record NotWanted() implements UploadResult {}

    /** The service lets this client only read, as it said by refusing, which is no failure of a build. */
    record NotAllowed(String reason) implements UploadResult {}

    /** The service was not asked, since it has failed too often recently. */
    record NotAsked() implements UploadResult {}

    record Failed(String reason) implements UploadResult {}
}
