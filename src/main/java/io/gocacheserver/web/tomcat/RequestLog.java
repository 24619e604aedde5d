package io.gocacheserver.web.tomcat;

import org.apache.catalina.valves.AbstractAccessLogValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.CharArrayWriter;

/** A line in the log for each request. Headers that could hold a secret are not in it. */
final class RequestLog extends AbstractAccessLogValve {

    private static final Logger log = LoggerFactory.getLogger("requests");
    private static final String PATTERN = "%h \"%r\" %s, %b bytes in %{ms}T ms, \"%{User-Agent}i\"";

    RequestLog() {
        setPattern(PATTERN);
    }

    @Override
    protected void log(CharArrayWriter message) {
        log.info("{}", message);
    }
}
