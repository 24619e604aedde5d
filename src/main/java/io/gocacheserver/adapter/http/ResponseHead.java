package io.gocacheserver.adapter.http;

/**
 * Status line and headers of an answer.
 *
 * @param status 200 to 599
 * @param persistent whether the connection outlives the answer
 * @param headers as sent
 */
record ResponseHead(int status, boolean persistent, Headers headers) {}
