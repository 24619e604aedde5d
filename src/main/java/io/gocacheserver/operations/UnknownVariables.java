package io.gocacheserver.operations;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.StandardEnvironment;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Warns of environment variables that look like settings and are none. They cannot fail the start, as misspelt properties
 * do: variables for other programs may begin so.
 */
final class UnknownVariables implements BeanFactoryPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(UnknownVariables.class);

    private static final String PREFIX = "CACHESERVER_";

    /** Those of the adapter, which may run on the same machine. */
    private static final Set<String> OF_ADAPTER =
            Set.of(
                    ("URL TOKEN TOKENFILE OIDCAUDIENCE CACHEDIR CACHEMAXSIZE MODE CAFILE CLIENTCERT CLIENTKEY"
                                    + " REQUESTTIMEOUT DRAINTIMEOUT TIMEBUDGET PREFETCHMAXBYTES PROFILE STATS"
                                    + " STATSFILE EXPLAIN REPORTBUILDS SHARETESTS STABLETIMES RESIDENT SOCKET"
                                    + " IDLETIMEOUT QUIET VERBOSE")
                            .split(" "));

    private final ConfigurableEnvironment environment;

    UnknownVariables(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        describe(SettingNames.of(beans)).forEach(log::warn);
    }

    /** A sentence about each, in the order of their names. */
    List<String> describe(SettingNames settings) {
        return environment
                                .getPropertySources()
                                .get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)
                        instanceof EnumerablePropertySource<?> variables
                ? Arrays.stream(variables.getPropertyNames())
                        .filter(name -> name.startsWith(PREFIX) && !isForOthers(name))
                        .filter(name -> !settings.hasVariable(name))
                        .sorted()
                        .map(name -> sentence(name, settings))
                        .toList()
                : List.of();
    }

    private static String sentence(String name, SettingNames settings) {
        String similar = settings.similarTo(name);
        return name
                + " is no setting of the service, and ignored"
                + (similar == null ? "" : ": is " + similar + " meant?");
    }

    /** The adapter's, and those by which Kubernetes names a Service called {@code cacheserver}. */
    private static boolean isForOthers(String name) {
        String rest = name.substring(PREFIX.length());
        return OF_ADAPTER.contains(rest)
                || rest.startsWith("SERVICE_")
                || rest.equals("PORT")
                || rest.startsWith("PORT_");
    }
}
