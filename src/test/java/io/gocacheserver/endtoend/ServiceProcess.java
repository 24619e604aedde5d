package io.gocacheserver.endtoend;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Ports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The service's real jar, extracted and with an AOT cache as in its image, run by the Java that runs the tests. {@link
 * Builder#packed} runs it as it comes out of the build.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final int EXIT_SIGTERM = 143;

    private final ChildProcess process;
    private final ServiceClient client;

    private ServiceProcess(ChildProcess process, ServiceClient client) {
        this.process = process;
        this.client = client;
    }

    /** A service with the disk tier alone, on a free port. */
    public static ServiceProcess start(Path disk) {
        return on(disk).start();
    }

    public static Builder on(Path disk) {
        return new Builder(disk);
    }

    public String url() {
        return client.url();
    }

    public ServiceClient client() {
        return client;
    }

    /** All that it has logged so far. */
    public String log() {
        return process.stdout();
    }

    public boolean isRunning() {
        return process.isRunning();
    }

    /** SIGKILL. */
    public void kill() {
        process.kill();
    }

    public void terminate() {
        process.terminate();
    }

    /** SIGTERM, and a clean end: uploads drained, exit code 0 or that of the signal. */
    public void stop() {
        terminate();
        awaitCleanExit();
    }

    public void awaitCleanExit() {
        int exitCode = process.awaitExit(STOP_LIMIT);
        assertThat(exitCode).as("exit code; log: %s", log()).isIn(0, EXIT_SIGTERM);
    }

    @Override
    public void close() {
        process.close();
    }

    public static final class Builder {

        private final Path disk;
        private final Map<String, String> environment = new TreeMap<>();
        private final List<String> jvmOptions = new ArrayList<>();
        private int port = Ports.free();
        private boolean packed;

        private Builder(Path disk) {
            this.disk = disk;
        }

        public Builder port(int value) {
            port = value;
            return this;
        }

        /** A setting, by its environment variable. */
        public Builder with(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        public Builder with(Map<String, String> variables) {
            environment.putAll(variables);
            return this;
        }

        public Builder jvmOption(String option) {
            jvmOptions.add(option);
            return this;
        }

        /** As {@code java -jar} runs it for somebody who has built it. */
        public Builder packed() {
            packed = true;
            return this;
        }

        /** Starts it and waits until it is ready. */
        public ServiceProcess start() {
            ServiceProcess service = launch();
            try {
                await().atMost(START_LIMIT)
                        .until(() -> !service.isRunning() || service.client().isReady());
                assertThat(service.isRunning()).as("runs; log: %s", service.log()).isTrue();
                return service;
            } catch (RuntimeException | Error e) {
                service.close();
                throw e;
            }
        }

        /** Starts it and does not wait for it. */
        public ServiceProcess launch() {
            environment.put("SERVER_PORT", Integer.toString(port));
            environment.put("CACHESERVER_DISK_PATH", disk.toString());
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            Path directory = Path.of("").toAbsolutePath();
            if (packed) {
                command.addAll(jvmOptions);
                command.addAll(List.of("-jar", requiredProperty("service.jar")));
            } else {
                directory = Path.of(requiredProperty("service.home"));
                command.addAll(options());
                command.addAll(jvmOptions);
                command.addAll(List.of("-jar", "go-cache-server.jar")); // as the AOT cache knows it
            }
            ChildProcess process = ChildProcess.start(directory, environment, command);
            return new ServiceProcess(process, new ServiceClient("http://127.0.0.1:" + port));
        }

        /** Those with which the AOT cache was made. */
        private static List<String> options() {
            try (InputStream options =
                    ServiceProcess.class.getResourceAsStream("/service.options")) {
                return new String(
                                Objects.requireNonNull(options).readAllBytes(),
                                StandardCharsets.US_ASCII)
                        .lines()
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String requiredProperty(String name) {
            String value = System.getProperty(name);
            assertThat(value).as("system property %s, set by the build", name).isNotNull();
            return value;
        }
    }
}
