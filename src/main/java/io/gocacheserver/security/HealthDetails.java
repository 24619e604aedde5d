package io.gocacheserver.security;

import io.gocacheserver.security.rules.Permission;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;

import java.util.Set;

/** A group of health whose details and components only those see who may observe. */
record HealthDetails(HealthEndpointGroup group) implements HealthEndpointGroup {

    /** The same groups, each of that kind. */
    static HealthEndpointGroups forObservers(HealthEndpointGroups groups) {
        return new HealthEndpointGroups() {
            @Override
            public HealthEndpointGroup getPrimary() {
                return new HealthDetails(groups.getPrimary());
            }

            @Override
            public Set<String> getNames() {
                return groups.getNames();
            }

            @Override
            public @Nullable HealthEndpointGroup get(String name) {
                HealthEndpointGroup group = groups.get(name);
                return group == null ? null : new HealthDetails(group);
            }
        };
    }

    @Override
    public boolean isMember(String name) {
        return group.isMember(name);
    }

    @Override
    public boolean showComponents(SecurityContext security) {
        return mayObserve(security) && group.showComponents(security);
    }

    @Override
    public boolean showDetails(SecurityContext security) {
        return mayObserve(security) && group.showDetails(security);
    }

    @Override
    public StatusAggregator getStatusAggregator() {
        return group.getStatusAggregator();
    }

    @Override
    public HttpCodeStatusMapper getHttpCodeStatusMapper() {
        return group.getHttpCodeStatusMapper();
    }

    @Override
    public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
        return group.getAdditionalPath();
    }

    private static boolean mayObserve(SecurityContext security) {
        return security.getPrincipal() != null && security.isUserInRole(Permission.OBSERVE.name());
    }
}
