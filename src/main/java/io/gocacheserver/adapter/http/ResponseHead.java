package io.gocacheserver.adapter.http;

import java.io.IOException;

/**
 * Status line and headers of an answer.
 *
 * @param status 200 to 599
 * @param persistent whether the connection outlives the answer
 * @param headers as sent
 */
record ResponseHead(int status, boolean persistent, Headers headers) {

    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final int MAX_INTERIM = 8;

    /** Reads a head as RFC 9112 defines it, strictly: lines end in CR LF, none is folded, 64 KiB at most. Interim (1xx) answers are skipped. */
    static ResponseHead read(Connection connection) throws IOException {
        Reader reader = new Reader(connection);
        for (int i = 0; i < MAX_INTERIM; i++) {
            ResponseHead head = reader.read();
            if (head.status() == 101) {
                throw new HttpException("the service switched protocols unasked");
            }
            if (head.status() >= 200) {
                return head;
            }
        }
        throw new HttpException("the service sent too many interim answers");
    }

    private static final class Reader {

        private final Connection connection;
        private final StringBuilder line = new StringBuilder(128);
        private int bytes;

        Reader(Connection connection) {
            this.connection = connection;
        }

        ResponseHead read() throws IOException {
            readLine();
            int status = status();
            boolean persistent = line.charAt(7) == '1';
            Headers headers = new Headers();
            for (readLine(); !line.isEmpty(); readLine()) {
                int colon = line.indexOf(":");
                if (colon <= 0 || !isToken(colon)) {
                    throw new HttpException("the service sent a malformed header line");
                }
                headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
            }
            persistent &= !"close".equalsIgnoreCase(headers.get("Connection"));
            return new ResponseHead(status, persistent, headers);
        }

        private int status() throws HttpException {
            boolean http1 =
                    line.length() >= 12
                            && line.indexOf("HTTP/1.") == 0
                            && (line.charAt(7) == '0' || line.charAt(7) == '1')
                            && line.charAt(8) == ' '
                            && (line.length() == 12 || line.charAt(12) == ' ');
            try {
                int status = http1 ? Integer.parseInt(line, 9, 12, 10) : 0;
                if (status >= 100 && status <= 599) {
                    return status;
                }
            } catch (NumberFormatException e) {
                // As any other nonsense.
            }
            throw notHttp();
        }

        private void readLine() throws IOException {
            line.setLength(0);
            for (int b = next(); b != '\r'; b = next()) {
                if (b == '\n' || b == 0) {
                    throw notHttp();
                }
                line.append((char) b);
            }
            if (next() != '\n') {
                throw new HttpException("the service sent a malformed header line");
            }
        }

        private int next() throws IOException {
            int b = connection.read();
            if (b < 0) {
                throw new HttpException("the service closed the connection without an answer");
            }
            if (++bytes > MAX_HEAD_BYTES) {
                throw new HttpException("the service sent a head of more than 64 KiB");
            }
            return b;
        }

        private boolean isToken(int end) {
            for (int i = 0; i < end; i++) {
                char c = line.charAt(i);
                if (c <= ' ' || c >= 127 || c == '(' || c == ')' || c == '"' || c == '/') {
                    return false;
                }
            }
            return true;
        }

        private static HttpException notHttp() {
            return new HttpException("what the service sent is not HTTP/1.1");
        }
    }
}
