package io.gocacheserver.web;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.wire.FilterAnswer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;

/** {@code /filter} over the real disk tier. */
class FilterTest extends WebFixture {

    @BeforeEach
    void awaitList() {
        await("a complete filter").until(() -> FilterAnswer.decode(filter().body()).complete());
    }

    @Test
    void whatIsPutIsInItFromThenOnAndNothingElse() throws Exception {
        TestObject object = TestObject.ofSize(100);
        assertThat(FilterAnswer.decode(filter().body()).lacks(object.action())).isTrue();

        stored(object);

        FilterAnswer answer = FilterAnswer.decode(filter().body());
        assertThat(answer.lacks(object.action())).isFalse();
        assertThat(answer.lacks(TestValues.action("absent " + object.action()))).isTrue();
    }

    @Test
    void aClientThatHasItGetsItOnlyWhenItHasChanged() throws Exception {
        String tag = header(filter(), "ETag");
        HttpResponse<byte[]> same = filter("If-None-Match", tag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();

        stored(TestObject.ofSize(101));

        HttpResponse<byte[]> changed = filter("If-None-Match", tag);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(header(changed, "ETag")).isNotEqualTo(tag);
    }

    @Test
    void noOneElseKeepsIt() throws Exception {
        HttpResponse<byte[]> answer = filter();

        assertThat(header(answer, "Cache-Control")).isEqualTo("private, no-cache");
        assertThat(header(answer, "Vary")).isEqualTo("Authorization");
        assertThat(header(answer, "Content-Type")).isEqualTo("application/octet-stream");
    }

    private HttpResponse<byte[]> filter(String... headers) throws Exception {
        return get("/filter", headers);
    }
}
