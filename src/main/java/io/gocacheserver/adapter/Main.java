package io.gocacheserver.adapter;

/** Entry point of the adapter. */
final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(2);
    }
}
