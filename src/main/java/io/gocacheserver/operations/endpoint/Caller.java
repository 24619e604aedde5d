package io.gocacheserver.operations.endpoint;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import java.security.Principal;

/** The address that a request to an actuator endpoint comes from. */
final class Caller {

    private Caller() {}

    /** The remote address, and who has authenticated if somebody has: {@code 10.0.0.7 (alice)}. */
    static String of(SecurityContext security) {
        String address =
                RequestContextHolder.getRequestAttributes()
                                instanceof ServletRequestAttributes attributes
                        ? attributes.getRequest().getRemoteAddr()
                        : "unknown";
        Principal principal = security.getPrincipal();
        return principal == null ? address : "%s (%s)".formatted(address, principal.getName());
    }
}
