package io.gocacheserver.web.content;

import org.apache.coyote.CloseNowException;

/**
 * An answer that cannot be completed after its beginning was sent. The connection is closed, so that the client sees a
 * broken answer rather than a wrong one: that is what Tomcat does on its superclass, without logging it as an error once
 * more.
 */
public final class BrokenAnswerException extends CloseNowException {

    private static final long serialVersionUID = 1L;

    public BrokenAnswerException(String message, Exception cause) {
        super(message, cause);
    }
}
