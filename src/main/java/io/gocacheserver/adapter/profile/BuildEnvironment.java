package io.gocacheserver.adapter.profile;

import java.util.ArrayList;
import java.util.List;

/** The variables that make every compiled package another one. */
final class BuildEnvironment {

    private static final String[] ALWAYS = {
        "GOVERSION", "GOOS", "GOARCH", "GOEXPERIMENT", "GOFIPS140", "CGO_ENABLED"
    };

    private static final String[] WITH_CGO = {
        "CC", "CXX", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS"
    };

    /** The name of each architecture's variable; the Go command sets that of the one it builds for. */
    private static final String[] LEVELS = {
        "GO386",
        "GOAMD64",
        "GOARM",
        "GOARM64",
        "GOMIPS",
        "GOMIPS64",
        "GOPPC64",
        "GORISCV64",
        "GOWASM"
    };

    private BuildEnvironment() {}

    static List<String> names() {
        List<String> names = new ArrayList<>(List.of(ALWAYS));
        names.addAll(List.of(LEVELS));
        names.addAll(List.of(WITH_CGO));
        return names;
    }

    static void addTo(KeyHash hash, GoInvocation invocation) {
        add(hash, invocation, ALWAYS);
        add(hash, invocation, LEVELS);
        if (invocation.variable("CGO_ENABLED").equals("1")) {
            add(hash, invocation, WITH_CGO);
        }
    }

    private static void add(KeyHash hash, GoInvocation invocation, String[] names) {
        for (String name : names) {
            String value = invocation.variable(name);
            if (!value.isEmpty()) {
                hash.add(name).add(value);
            }
        }
    }
}
