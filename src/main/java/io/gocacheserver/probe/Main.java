package io.gocacheserver.probe;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Started in the service's own image: {@code health} by a container engine's health check, {@code put-get} by {@code helm
 * test}. It says one line. Exit codes: 0 all is well, 1 it is not, 2 wrong arguments.
 */
public final class Main {

    private static final int WELL = 0;
    private static final int NOT_WELL = 1;
    private static final int WRONG_USAGE = 2;
    private static final String USAGE =
            "health [URL] (a readiness endpoint, by default this container's) | put-get URL (of the service)";

    private final Map<String, String> environment;
    private final PrintStream out;

    Main(Map<String, String> environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    /**
     * Probes and ends the JVM.
     *
     * @param args what to do, and where
     */
    public static void main(String[] args) throws InterruptedException {
        System.exit(new Main(System.getenv(), System.out).run(List.of(args)));
    }

    int run(List<String> args) throws InterruptedException {
        try {
            if (args.equals(List.of("health"))) {
                return health(ownHealth());
            }
            if (args.size() == 2) {
                switch (args.getFirst()) {
                    case "health" -> {
                        return health(URI.create(args.getLast()));
                    }
                    case "put-get" -> {
                        return putAndGet(args.getLast());
                    }
                    default -> {}
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            out.println("failed: " + e);
            return NOT_WELL;
        }
        out.println("usage: " + USAGE);
        return WRONG_USAGE;
    }

    private int health(URI endpoint) throws IOException, InterruptedException {
        int status = new Request(null).get(endpoint).statusCode();
        out.println(endpoint + " answers " + status);
        return status == Request.OK ? WELL : NOT_WELL;
    }

    private int putAndGet(String url) throws IOException, InterruptedException {
        String failure =
                new PutAndGet(new Request(environment.get("CACHESERVER_TOKEN")), url).failure();
        out.println(failure.isEmpty() ? "put and got the same object at " + url : failure);
        return failure.isEmpty() ? WELL : NOT_WELL;
    }

    /** The URL of this container's readiness, by the settings of ports in its environment. */
    private URI ownHealth() {
        String port =
                environment.getOrDefault(
                        "MANAGEMENT_SERVER_PORT", environment.getOrDefault("SERVER_PORT", "8080"));
        return URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
    }
}
