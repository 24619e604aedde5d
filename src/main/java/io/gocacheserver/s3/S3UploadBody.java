package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.UploadBody;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The body of a PUT: opened again at each attempt of the SDK, which closes none of these streams. */
final class S3UploadBody implements ContentStreamProvider, AutoCloseable {

    private static final String CONTENT_TYPE = "application/octet-stream";

    private final UploadBody body;
    private @Nullable InputStream open;

    S3UploadBody(UploadBody body) {
        this.body = body;
    }

    RequestBody requestBody() {
        return RequestBody.fromContentProvider(this, body.length(), CONTENT_TYPE);
    }

    @Override
    public InputStream newStream() {
        close();
        try {
            InputStream stream = body.open();
            open = stream;
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
