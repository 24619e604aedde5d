package io.gocacheserver.adapter.http;

import java.io.IOException;

/** Status line and headers of an answer; {@code persistent}: whether the connection outlives it. */
record ResponseHead(int status, boolean persistent, Headers headers) {

    /** Reads a head as RFC 9112 defines it, strictly: no line is folded. Interim (1xx) answers are skipped. */
    static ResponseHead read(Connection connection) throws IOException {
        int left = Connection.MAX_HEAD_BYTES;
        while (true) {
            String line = connection.readLine(left);
            int status = status(line);
            boolean persistent = line.charAt(7) == '1';
            Headers headers = new Headers();
            while (!line.isEmpty()) {
                left -= line.length();
                line = connection.readLine(left);
                int colon = line.indexOf(':');
                if (colon > 0 && isToken(line, colon)) {
                    headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
                } else if (!line.isEmpty()) {
                    throw new IOException("the service sent a malformed header line");
                }
            }
            if (status == Status.SWITCHING_PROTOCOLS) {
                throw new IOException("the service switched protocols unasked");
            }
            if (status >= Status.OK) {
                persistent &= !"close".equalsIgnoreCase(headers.get("Connection"));
                return new ResponseHead(status, persistent, headers);
            }
        }
    }

    private static int status(String line) throws IOException {
        boolean http1 =
                line.length() >= 12
                        && (line.startsWith("HTTP/1.0 ") || line.startsWith("HTTP/1.1 "))
                        && (line.length() == 12 || line.charAt(12) == ' ');
        try {
            int status = http1 ? Integer.parseInt(line, 9, 12, 10) : 0;
            if (status >= 100 && status <= 599) {
                return status;
            }
        } catch (NumberFormatException e) {
            // As any other nonsense.
        }
        throw Connection.notHttp();
    }

    private static boolean isToken(String line, int end) {
        for (int i = 0; i < end; i++) {
            char c = line.charAt(i);
            if (c <= ' ' || c >= 127 || c == '(' || c == ')' || c == '"' || c == '/') {
                return false;
            }
        }
        return true;
    }
}
