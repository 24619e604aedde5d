package io.gocacheserver.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Why the packages of a build missed, for people at a terminal. */
final class ExplanationText {

    private static final int MOST = 20;

    private static final int NAMED = 3;

    private ExplanationText() {}

    static String of(Builds.Detail detail) {
        ReportedBuild build = detail.build();
        StringBuilder text = new StringBuilder();
        text.append("build %d: ".formatted(build.id()));
        text.append(Objects.requireNonNullElse(build.command(), "go"));
        text.append(build.module() == null ? "" : " of " + build.module());
        text.append(build.branch() == null ? "" : ", branch " + build.branch());
        String ended = build.received().toString().substring(0, 19).replace('T', ' ');
        text.append(", ended %s UTC\n".formatted(ended));
        text.append(
                "%d gets: %d local hits, %d from the service, %d misses\n"
                        .formatted(
                                build.localHits() + build.serviceHits() + build.misses(),
                                build.localHits(),
                                build.serviceHits(),
                                build.misses()));
        if (build.suffered()) {
            String last = build.failure() == null ? "" : " (last: " + build.failure() + ')';
            text.append(
                    "the service failed %d times%s, and did not get %d objects\n"
                            .formatted(build.serviceFailures(), last, build.unsent()));
        }
        addRoots(text, detail);
        return text.toString();
    }

    private static void addRoots(StringBuilder text, Builds.Detail detail) {
        if (detail.packages().isEmpty()) {
            text.append(
                    "its packages are not known: builds name them that run through the resident"
                            + " process, with --report-builds=true, and reach their end\n");
            return;
        }
        long missed =
                detail.packages().stream()
                        .filter(each -> each.outcome().equals("miss"))
                        .filter(each -> !each.kind().equals(PackageUse.TEST_INPUTS))
                        .count();
        List<Explainer.Root> roots = grouped(detail.roots());
        text.append("%d of %d named actions missed".formatted(missed, detail.packages().size()));
        text.append(roots.isEmpty() ? "\n" : "; why:\n");
        for (Explainer.Root root : roots.subList(0, Math.min(MOST, roots.size()))) {
            String kind = root.kind().equals(PackageUse.TEST) ? " (test)" : "";
            text.append(
                    "  %s%s: %s: %s"
                            .formatted(root.name(), kind, root.reason().word(), root.detail()));
            if (root.followers() > 0) {
                String follow = root.followers() == 1 ? "other follows" : "others follow";
                text.append("; %d %s".formatted(root.followers(), follow));
            }
            text.append('\n');
        }
        if (roots.size() > MOST) {
            text.append("  and ").append(roots.size() - MOST).append(" more\n");
        }
    }

    /** The roots that missed for the same reason in one, with the names of the first of them, and the most that follow from one. */
    static List<Explainer.Root> grouped(List<Explainer.Root> roots) {
        Map<List<String>, List<Explainer.Root>> groups = new LinkedHashMap<>();
        for (Explainer.Root root : roots) {
            groups.computeIfAbsent(
                            List.of(root.kind(), root.reason().word(), root.detail()),
                            _ -> new ArrayList<>())
                    .add(root);
        }
        return groups.values().stream().map(ExplanationText::one).toList();
    }

    private static Explainer.Root one(List<Explainer.Root> group) {
        Explainer.Root first = group.getFirst();
        String names =
                String.join(", ", group.stream().limit(NAMED).map(Explainer.Root::name).toList());
        return new Explainer.Root(
                group.size() <= NAMED ? names : names + " and " + (group.size() - NAMED) + " more",
                first.kind(),
                first.reason(),
                first.detail(),
                first.followers());
    }
}
