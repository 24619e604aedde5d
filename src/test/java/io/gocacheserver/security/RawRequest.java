package io.gocacheserver.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A request as it is typed here, which no client would send. */
record RawRequest(int status, String text) {

    static RawRequest get(int port, String path, String... headers) throws IOException {
        String request =
                "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n"
                        .formatted(
                                path,
                                headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String text =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return new RawRequest(Integer.parseInt(text.substring(9, 12)), text);
        }
    }
}
