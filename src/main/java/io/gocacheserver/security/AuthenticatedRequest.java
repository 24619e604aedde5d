package io.gocacheserver.security;

import io.gocacheserver.security.rules.Client;
import io.gocacheserver.security.rules.Permission;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import java.security.Principal;
import java.util.Locale;

/** A request that knows its client, for code that asks the request itself, as the actuator does. Permissions are roles. */
final class AuthenticatedRequest extends HttpServletRequestWrapper {

    private final Client client;

    AuthenticatedRequest(HttpServletRequest request, Client client) {
        super(request);
        this.client = client;
    }

    @Override
    public Principal getUserPrincipal() {
        return client::name;
    }

    @Override
    public String getRemoteUser() {
        return client.name();
    }

    @Override
    public boolean isUserInRole(String role) {
        try {
            return client.may(Permission.valueOf(role.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
