package io.gocacheserver.web.tomcat;

import io.gocacheserver.web.Problem;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

import java.io.IOException;

/** Renders the errors that Tomcat finds before any servlet sees the request, such as a path with an encoded slash. */
public final class ProblemValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            Problem.write(
                    response.getResponse(),
                    Problem.typeOf(status),
                    response.getMessage());
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            container.getLogger().debug("error report", e);
        }
    }
}
