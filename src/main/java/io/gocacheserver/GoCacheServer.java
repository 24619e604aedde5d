package io.gocacheserver;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The service: a team's Go build cache over HTTP. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GoCacheServer {

    public static void main(String[] args) {
        SpringApplication.run(GoCacheServer.class, args);
    }
}
