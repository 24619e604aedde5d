package io.gocacheserver.adapter.text;

import java.util.Locale;

/** Sizes as people write and read them: {@code 10GB} is 10 * 1000^3 bytes, {@code 10GiB} is 10 * 1024^3. */
public final class ByteSize {

    private static final String UNITS = "KMGT";

    private ByteSize() {}

    /**
     * The bytes in a text such as {@code 500MB}, {@code 1.5GiB}, {@code 10G} (as 10GB) or {@code 4096}, in any case.
     *
     * @throws IllegalArgumentException if it is no size above zero
     */
    public static long parse(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        int end = 0;
        while (end < upper.length() && isNumeric(upper.charAt(end))) {
            end++;
        }
        double bytes;
        try {
            bytes = Double.parseDouble(upper.substring(0, end)) * unit(upper.substring(end));
        } catch (NumberFormatException e) {
            throw invalid(text);
        }
        if (bytes < 1 || bytes >= Long.MAX_VALUE) {
            throw invalid(text);
        }
        return (long) bytes;
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

    /** Bytes in a unit, or 0 if there is no such unit. */
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
}
