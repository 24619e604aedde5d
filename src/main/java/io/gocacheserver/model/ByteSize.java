package io.gocacheserver.model;

import java.util.Locale;

/**
 * A size as people write and read it, in settings of the service as in flags of the adapter: {@code 10GB} is 10 * 1000^3
 * bytes, {@code 10GiB} is 10 * 1024^3.
 */
public record ByteSize(long bytes) {

    private static final String UNITS = "KMGT";

    /**
     * The size in a text such as {@code 500MB}, {@code 1.5GiB}, {@code 10G} (as 10GB), {@code 4096} or {@code 0}, in any
     * case. Spring converts settings by this name.
     */
    public static ByteSize valueOf(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        int end = 0;
        while (end < upper.length() && isNumeric(upper.charAt(end))) {
            end++;
        }
        double number;
        try {
            number = Double.parseDouble(upper.substring(0, end));
        } catch (NumberFormatException e) {
            throw invalid(text);
        }
        double unit = unit(upper.substring(end));
        double bytes = number * unit;
        if (unit == 0 || bytes >= Long.MAX_VALUE || (bytes > 0 && bytes < 1)) {
            throw invalid(text);
        }
        return new ByteSize((long) bytes);
    }

    /** Some four characters and a decimal unit: {@code 999 B}, {@code 1.2 kB}, {@code 63 MB}. */
    public static String format(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        long unit = 1_000;
        int index = 0;
        while (bytes / unit >= 1_000 && index < UNITS.length() - 1) {
            unit *= 1_000;
            index++;
        }
        char letter = index == 0 ? 'k' : UNITS.charAt(index);
        long tenths = bytes / (unit / 10);
        String number = tenths < 100 ? tenths / 10 + "." + tenths % 10 : Long.toString(tenths / 10);
        return number + ' ' + letter + 'B';
    }

    private static double unit(String name) {
        if (name.isEmpty() || name.equals("B")) {
            return 1;
        }
        int power = UNITS.indexOf(name.charAt(0)) + 1;
        String rest = name.substring(1);
        if (rest.isEmpty() || rest.equals("B")) {
            return power == 0 ? 0 : Math.pow(1_000, power);
        }
        return power == 0 || !(rest.equals("I") || rest.equals("IB")) ? 0 : Math.pow(1_024, power);
    }

    private static boolean isNumeric(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no size: write it like 10GB, 500MB or 2GiB");
    }

    @Override
    public String toString() {
        return format(bytes);
    }
}
