package io.gocacheserver.page;

import org.springframework.boot.info.BuildProperties;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;

/**
 * The name and version of this replica.
 *
 * @param version of the build
 * @param name of its machine, which in Kubernetes is the pod's
 * @param started when its process started
 */
record ThisReplica(String version, String name, Instant started) {

    static ThisReplica of(BuildProperties build) {
        return new ThisReplica(
                String.valueOf(build.getVersion()),
                hostName(),
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    /** From the environment where that has it: a name server that does not answer would cost seconds. */
    private static String hostName() {
        String name = System.getenv("HOSTNAME");
        if (name != null && !name.isEmpty()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
