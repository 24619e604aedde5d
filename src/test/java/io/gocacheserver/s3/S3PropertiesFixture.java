package io.gocacheserver.s3;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import java.util.Map;

/** Properties with the defaults of the service, but for those given. */
final class S3PropertiesFixture {

    private S3PropertiesFixture() {}

    static S3Properties with(Map<String, String> values) {
        var source = new MapConfigurationPropertySource(values);
        return new Binder(source).bindOrCreate("", S3Properties.class);
    }
}
