package io.gocacheserver.adapter.resident;

/** The order of versions such as {@code 1.2.10}, where {@code 1.3.0-SNAPSHOT} comes before {@code 1.3.0}. */
final class Version {

    /** Of a program that was not built by its own build: as new as any other. */
    static final String UNKNOWN = "unknown";

    private Version() {}

    /** Whether {@code one} is newer than {@code other}; false if one of them is not known. */
    static boolean isNewer(String one, String other) {
        if (one.equals(UNKNOWN) || other.equals(UNKNOWN)) {
            return false;
        }
        int[] numbers = numbers(one);
        int[] otherNumbers = numbers(other);
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] != otherNumbers[i]) {
                return numbers[i] > otherNumbers[i];
            }
        }
        return one.indexOf('-') < 0 && other.indexOf('-') >= 0;
    }

    /** The first four numbers, zero for those that are not there. */
    private static int[] numbers(String version) {
        int[] numbers = new int[4];
        int count = 0;
        for (int i = 0; i < version.length() && version.charAt(i) != '-'; i++) {
            char c = version.charAt(i);
            if (c == '.') {
                count++;
            }
            if (count == numbers.length) {
                break;
            }
            if (c >= '0' && c <= '9') {
                numbers[count] = numbers[count] * 10 + c - '0';
            }
        }
        return numbers;
    }
}
