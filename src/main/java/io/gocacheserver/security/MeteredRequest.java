package io.gocacheserver.security;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import java.io.IOException;
import java.util.function.LongConsumer;

/** A request that tells how many bytes of its body are read, as they are, whatever is done with them. */
final class MeteredRequest extends HttpServletRequestWrapper {

    private final LongConsumer meter;

    MeteredRequest(HttpServletRequest request, LongConsumer meter) {
        super(request);
        this.meter = meter;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new Body(super.getInputStream(), meter);
    }

    private static final class Body extends ServletInputStream {

        private final ServletInputStream in;
        private final LongConsumer meter;

        Body(ServletInputStream in, LongConsumer meter) {
            this.in = in;
            this.meter = meter;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            if (read >= 0) {
                meter.accept(1);
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = in.read(bytes, from, length);
            if (read > 0) {
                meter.accept(read);
            }
            return read;
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
