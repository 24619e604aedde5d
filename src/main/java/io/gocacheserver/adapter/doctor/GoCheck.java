package io.gocacheserver.adapter.doctor;

import io.gocacheserver.adapter.doctor.Doctor.Findings;
import io.gocacheserver.adapter.profile.GoEnv;
import io.gocacheserver.wire.GoFlags;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the Go command knows GOCACHEPROG, has it set, uses the same directory, and shares results between paths. */
record GoCheck(Map<String, String> environment, String cacheDir, Findings findings)
        implements Runnable {

    private static final int FIRST_WITH_EXPERIMENT = 21;
    private static final int FIRST_WITH_HELPERS = 24;

    /** {@code go1.26.8}, with the number that matters. */
    private static final Pattern RELEASE = Pattern.compile("go1\\.([0-9]{1,9}).*");

    @Override
    public void run() {
        List<String> values =
                GoEnv.ask(
                        List.of("GOVERSION", "GOCACHE", "GOCACHEPROG", "GOFLAGS", "GOEXPERIMENT"));
        if (values == null) {
            findings.warning("no 'go' on PATH answers: what follows of it was not checked");
            return;
        }
        checkVersion(values.get(0), values.get(4));
        checkProgram(values.get(2));
        if (new File(values.get(1)).equals(new File(cacheDir))) {
            findings.ok("the adapter and native builds share one directory");
        } else {
            findings.warning(
                    "the adapter uses %s, native builds use %s: neither finds what the other has made"
                            .formatted(cacheDir, values.get(1)));
        }
        if (values.get(3).contains("-trimpath")) {
            findings.ok("GOFLAGS has -trimpath: results do not depend on the directory");
        } else {
            findings.warning(
                    "GOFLAGS has no -trimpath: builds in other directories do not share the"
                            + " program's own packages; set GOFLAGS=-trimpath on all machines");
        }
    }

    private void checkVersion(String version, String experiments) {
        Matcher release = RELEASE.matcher(version);
        int minor = release.matches() ? Integer.parseInt(release.group(1)) : FIRST_WITH_HELPERS;
        if (minor >= FIRST_WITH_HELPERS) {
            findings.ok("Go " + version);
        } else if (minor < FIRST_WITH_EXPERIMENT) {
            findings.problem("Go " + version + " knows no GOCACHEPROG: use Go 1.24 or newer");
        } else if (experiments.contains("cacheprog")) {
            findings.ok("Go " + version + " with GOEXPERIMENT=cacheprog");
        } else {
            findings.problem(
                    "Go "
                            + version
                            + " knows GOCACHEPROG only with GOEXPERIMENT=cacheprog set, which must"
                            + " have been set when Go itself was built; or use Go 1.24 or newer");
        }
    }

    private void checkProgram(String program) {
        if (program.isBlank()) {
            findings.warning(
                    "GOCACHEPROG is not set here: export GOCACHEPROG=\"go-cache-adapter --server URL\"");
            return;
        }
        findings.ok("GOCACHEPROG is set");
        String file = GoFlags.split(program).getFirst();
        if (!isProgram(file)) {
            findings.problem("GOCACHEPROG names " + file + ", which is no program: use its path");
        }
    }

    private boolean isProgram(String file) {
        if (file.indexOf('/') >= 0 || file.indexOf(File.separatorChar) >= 0) {
            return new File(file).canExecute();
        }
        for (String directory :
                environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (new File(directory, file).canExecute()
                    || new File(directory, file + ".exe").canExecute()) {
                return true;
            }
        }
        return false;
    }
}
