package io.gocacheserver.adapter.remote;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

/** An object to be sent to the service, which lies in the file {@code path}. */
public record Upload(ActionId action, OutputId output, long size, String path) {

    public static Upload of(ActionId action, CachedObject object) {
        return new Upload(action, object.output(), object.size(), object.path());
    }
}
