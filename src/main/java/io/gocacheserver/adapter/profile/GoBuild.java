package io.gocacheserver.adapter.profile;

import io.gocacheserver.adapter.system.SmallFile;
import io.gocacheserver.adapter.text.JsonText;
import io.gocacheserver.wire.BuildVariables;
import io.gocacheserver.wire.GoFlags;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** What is built, found out when it is first asked for: a warm build never asks, and it costs some files to read. */
public final class GoBuild {

    private final Map<String, String> environment;
    private final @Nullable String userProfile;
    private final String traceparent = newTraceparent();
    private @Nullable GoInvocation invocation;
    private volatile @Nullable String facts;

    /** A build by this Go command, or null for the one that has started this process; the user may tell builds apart by a profile. */
    public GoBuild(
            @Nullable GoInvocation invocation,
            Map<String, String> environment,
            @Nullable String userProfile) {
        this.invocation = invocation;
        this.environment = environment;
        this.userProfile = userProfile;
    }

    /** The Go command ({@code runs}: whether it still runs, and can be asked for its command line). */
    public synchronized GoInvocation invocation(boolean runs) {
        if (invocation == null) {
            invocation = GoInvocation.ofParent(environment, runs);
        }
        return invocation;
    }

    /** The facts that the service is told, as a JSON object; null if there are none. They are found out once: it takes files. */
    public @Nullable String facts() {
        if (facts == null) {
            facts = findFacts();
        }
        return facts;
    }

    /** W3C's, by which a service that traces requests knows those of this build; it decides itself which traces it keeps. */
    public String traceparent() {
        return traceparent;
    }

    private static String newTraceparent() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return "00-"
                + hex.toHexDigits(random.nextLong())
                + hex.toHexDigits(random.nextLong() | 1)
                + '-'
                + hex.toHexDigits(random.nextLong() | 1)
                + "-00";
    }

    private @Nullable String findFacts() {
        GoInvocation known = invocation(true);
        GoLine line = known.line();
        MainModule module = MainModule.of(known, line);
        if (module.name().isEmpty() && userProfile == null && line.words().isEmpty()) {
            return null;
        }
        JsonText json = new JsonText();
        json.given("module", module.name());
        json.given("root", module.root());
        json.given("directory", module.directory());
        json.strings("command", line.words());
        json.strings("variables", variables(known));
        addCheckout(json, known, module);
        json.given("profile", userProfile == null ? "" : userProfile);
        return json.end();
    }

    private static Map<String, String> variables(GoInvocation known) {
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(BuildVariables.GO);
        names.addAll(BuildVariables.CI);
        names.addAll(BuildVariables.JOB);
        for (String name : names) {
            String value = known.variable(name);
            if (!value.isEmpty()) {
                variables.put(
                        name, name.equals("GOFLAGS") ? withoutSecrets(value) : withoutUser(value));
            }
        }
        return variables;
    }

    /** GitHub says in a file which branch is the default; no variable does. */
    private static void addCheckout(JsonText json, GoInvocation known, MainModule module) {
        String root = module.root().isEmpty() ? known.directory() : module.root();
        GitCheckout checkout = root.isEmpty() ? null : GitCheckout.above(new File(root));
        File event = new File(known.variable("GITHUB_EVENT_PATH"));
        String defaultBranch = JsonText.value(SmallFile.readIfThere(event), "default_branch");
        if (checkout != null) {
            json.given("origin", withoutUser(checkout.origin()));
            json.given("branch", checkout.branch());
            defaultBranch = defaultBranch == null ? checkout.defaultBranch() : defaultBranch;
        }
        json.given("defaultBranch", defaultBranch == null ? "" : defaultBranch);
    }

    /** Flags whose value may be secret are left out, as {@link GoLine} does. */
    private static String withoutSecrets(String goFlags) {
        StringBuilder text = new StringBuilder();
        for (String word : GoFlags.split(goFlags)) {
            if (!GoLine.isSecret(word)) {
                String quote = word.indexOf(' ') < 0 ? "" : word.indexOf('"') < 0 ? "\"" : "'";
                text.append(quote).append(word).append(quote).append(' ');
            }
        }
        return text.toString().strip();
    }

    /** A URL without user and password. */
    private static String withoutUser(String url) {
        int scheme = url.indexOf("://");
        int at = url.indexOf('@', scheme);
        int path = scheme < 0 ? -1 : url.indexOf('/', scheme + 3);
        return scheme < 0 || at < 0 || (path >= 0 && path < at)
                ? url
                : url.substring(0, scheme + 3) + url.substring(at + 1);
    }
}
