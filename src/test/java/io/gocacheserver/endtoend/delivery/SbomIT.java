package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ServiceProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

class SbomIT {

    @Test
    void theServiceTellsWhatItIsMadeOf(@TempDir Path disk) throws Exception {
        try (ServiceProcess service = ServiceProcess.start(disk);
                HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create(service.url() + "/actuator/sbom/application");
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("CycloneDX")
                    .contains("pkg:maven/org.xerial/sqlite-jdbc@")
                    .contains("pkg:maven/software.amazon.awssdk/s3@")
                    .doesNotContain("s3proxy");
        }
    }
}
