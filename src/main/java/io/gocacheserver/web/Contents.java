package io.gocacheserver.web;

import io.gocacheserver.cache.Content;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;

/** What has to be done with every content that the cache hands out. */
final class Contents {

    private static final Logger log = LoggerFactory.getLogger(Contents.class);

    private Contents() {}

    /** Gives back what a content holds on to: the connection of one that is on its way, whether it was read or not. */
    static void release(Content content) {
        if (content instanceof Content.Streamed streamed) {
            try {
                streamed.stream().close();
            } catch (IOException e) {
                log.debug("closing a streamed object", e);
            }
        }
    }
}
