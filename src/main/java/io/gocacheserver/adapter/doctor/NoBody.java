package io.gocacheserver.adapter.doctor;

import io.gocacheserver.adapter.http.RequestBody;

import java.io.InputStream;

/** The body of a Put that has none. */
record NoBody() implements RequestBody {

    @Override
    public long length() {
        return 0;
    }

    @Override
    public InputStream open() {
        return InputStream.nullInputStream();
    }
}
