package io.gocacheserver.web.content;

import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletRequest;

import java.util.Enumeration;

/**
 * Whether a client accepts zstd (RFC 9110, 12.5.3), the only coding of the service. It does if it names
 * {@code zstd}, or {@code *} without naming {@code zstd}, with a weight above 0. Among the codings that a client allows,
 * which one it gets is our choice, so other weights make no difference. What cannot be understood allows nothing: bytes
 * that are not coded can be read by everybody.
 */
public final class AcceptEncoding {

    private static final String HEADER = "Accept-Encoding";

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
            boolean positive = semicolon < 0 || isPositiveWeight(member.substring(semicolon + 1));
            if (coding.equalsIgnoreCase(WireHeaders.ZSTD)) {
                allowed = positive && (allowed || !named); // named twice: a refusal counts
                named = true;
            } else if (coding.equals("*")) {
                othersAllowed = positive;
            }
        }
        return named ? allowed : othersAllowed;
    }

    /** Whether it is {@code q=} and a number above 0 and not above 1, of at most three decimals. */
    private static boolean isPositiveWeight(String parameter) {
        String weight = parameter.strip();
        if (!weight.regionMatches(true, 0, "q=", 0, 2)) {
            return false;
        }
        String value = weight.substring(2);
        if (value.isEmpty() || value.length() > 5) {
            return false;
        }
        if (value.length() > 1 && value.charAt(1) != '.') {
            return false;
        }
        boolean decimals = false;
        for (int i = 2; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            decimals |= c != '0';
        }
        return switch (value.charAt(0)) {
            case '0' -> decimals;
            case '1' -> !decimals;
            default -> false;
        };
    }
}
