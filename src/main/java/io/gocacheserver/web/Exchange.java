package io.gocacheserver.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

/** A request and its answer, for controllers that write the answer themselves. */
public record Exchange(HttpServletRequest request, HttpServletResponse response) {

    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    public void set(String name, String value) {
        response.setHeader(name, value);
    }
}
