package io.gocacheserver.web.content;

import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletRequest;

import java.util.Enumeration;
import java.util.regex.Pattern;

/**
 * Whether a client accepts zstd (RFC 9110, 12.5.3), the only coding of the service: whether it names {@code zstd}, or {@code
 * *} without naming {@code zstd}, with a weight above 0. What cannot be understood allows nothing.
 */
public final class AcceptEncoding {

    private static final String HEADER = "Accept-Encoding";

    /** A weight above 0 and not above 1, of at most three decimals. */
    private static final Pattern POSITIVE =
            Pattern.compile("[qQ]=(1(\\.0{0,3})?|0\\.(?!0*$)[0-9]{1,3})");

    private AcceptEncoding() {}

    public static boolean allowsZstd(HttpServletRequest request) {
        Enumeration<String> lines = request.getHeaders(HEADER);
        if (!lines.hasMoreElements()) {
            return false;
        }
        String list = lines.nextElement();
        while (lines.hasMoreElements()) {
            list = list + ',' + lines.nextElement();
        }
        return allowsZstd(list);
    }

    static boolean allowsZstd(String list) {
        return switch (list) {
            // What our adapter, Go's HTTP client and curl send.
            case WireHeaders.ZSTD -> true;
            case "gzip", "identity", "" -> false;
            default -> parse(list);
        };
    }

    private static boolean parse(String list) {
        boolean named = false;
        boolean allowed = false;
        boolean othersAllowed = false;
        for (String member : list.split(",", -1)) {
            int semicolon = member.indexOf(';');
            String coding = (semicolon < 0 ? member : member.substring(0, semicolon)).strip();
            boolean positive =
                    semicolon < 0
                            || POSITIVE.matcher(member.substring(semicolon + 1).strip()).matches();
            if (coding.equalsIgnoreCase(WireHeaders.ZSTD)) {
                allowed = positive && (allowed || !named); // named twice: a refusal counts
                named = true;
            } else if (coding.equals("*")) {
                othersAllowed = positive;
            }
        }
        return named ? allowed : othersAllowed;
    }
}
