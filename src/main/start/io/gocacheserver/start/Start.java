package io.gocacheserver.start;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * The main class of both jars, the service's and the adapter's: says which Java they need where it is too old for them. It is
 * compiled for Java 8, so that an old Java can say so; the build does that apart from the rest.
 */
public final class Start {

    private static final int NEEDED = 25;

    public static void main(String[] args) throws Throwable {
        ClassLoader loader = Start.class.getClassLoader();
        boolean adapter = loader.getResource("io/gocacheserver/adapter/Main.class") != null;
        String version = System.getProperty("java.specification.version");
        if (number(version) < NEEDED) {
            System.err.println(
                    (adapter ? "go-cache-adapter" : "go-cache-server")
                            + " needs Java "
                            + NEEDED
                            + " or newer, and this is Java "
                            + version
                            + " ("
                            + System.getProperty("java.home")
                            + "): start it with a newer one, named in full, such as"
                            + " /usr/lib/jvm/temurin-25-jdk-amd64/bin/java");
            System.exit(1);
        }
        String next =
                adapter
                        ? "io.gocacheserver.adapter.Main"
                        : "org.springframework.boot.loader.launch.JarLauncher";
        Method main = Class.forName(next).getMethod("main", String[].class);
        main.setAccessible(true); // the adapter's class is not public
        try {
            main.invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Such as 8 for 1.8, or 17. */
    private static int number(String version) {
        return Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
    }
}
