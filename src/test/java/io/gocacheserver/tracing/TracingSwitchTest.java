package io.gocacheserver.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

class TracingSwitchTest {

    @ParameterizedTest
    @CsvSource({"OTEL_EXPORTER_OTLP_ENDPOINT, true", "another.property, false"})
    void linesOfTheLogHaveRoomForTraceIdsOnlyWhereThereAreTraces(String property, boolean room) {
        MockEnvironment environment =
                new MockEnvironment().withProperty(property, "http://collector");

        new TracingSwitch().postProcessEnvironment(environment, new SpringApplication());

        assertThat(environment.getProperty("logging.expect-correlation-id", Boolean.class, true))
                .isEqualTo(room);
    }
}
