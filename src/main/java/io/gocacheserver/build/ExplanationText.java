package io.gocacheserver.build;

import io.gocacheserver.wire.PackageCodes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Why the packages of a build missed, for people at a terminal. */
final class ExplanationText {

    /** Roots that are named. */
    private static final int MOST = 20;

    /** Names of roots that have the same reason. */
    private static final int NAMED = 3;

    private ExplanationText() {}

    static String of(Builds.Detail detail) {
        ReportedBuild build = detail.build();
        StringBuilder text = new StringBuilder();
        text.append("build ").append(build.id()).append(": ");
        text.append(Objects.requireNonNullElse(build.command(), "go"));
        if (build.module() != null) {
            text.append(" of ").append(build.module());
        }
        if (build.branch() != null) {
            text.append(", branch ").append(build.branch());
        }
        text.append(", ended ")
                .append(build.received().toString().substring(0, 19).replace('T', ' '))
                .append(" UTC\n");
        text.append(build.localHits() + build.serviceHits() + build.misses()).append(" gets: ");
        text.append(build.localHits()).append(" local hits, ");
        text.append(build.serviceHits()).append(" from the service, ");
        text.append(build.misses()).append(" misses\n");
        if (build.suffered()) {
            text.append("the service failed ").append(build.serviceFailures()).append(" times");
            if (build.failure() != null) {
                text.append(" (last: ").append(build.failure()).append(')');
            }
            text.append(", and did not get ").append(build.unsent()).append(" objects\n");
        }
        addRoots(text, detail);
        return text.toString();
    }

    private static void addRoots(StringBuilder text, Builds.Detail detail) {
        long missed =
                detail.packages().stream()
                        .filter(
                                each ->
                                        each.outcome()
                                                .equals(PackageUse.outcomeWord(PackageCodes.MISS)))
                        .filter(each -> !each.kind().equals(PackageUse.TEST_INPUTS))
                        .count();
        if (detail.packages().isEmpty()) {
            text.append(
                    "its packages are not known: builds name them that run through the resident"
                            + " process, with --report-builds=true, and reach their end\n");
            return;
        }
        List<Explainer.Root> roots = grouped(detail.roots());
        text.append(missed)
                .append(" of ")
                .append(detail.packages().size())
                .append(" named actions missed");
        text.append(roots.isEmpty() ? "\n" : "; why:\n");
        for (Explainer.Root root : roots.subList(0, Math.min(MOST, roots.size()))) {
            text.append("  ").append(root.name());
            text.append(root.kind().equals(PackageUse.TEST) ? " (test): " : ": ");
            text.append(root.reason()).append(": ").append(root.detail());
            if (root.followers() > 0) {
                text.append("; ").append(root.followers());
                text.append(root.followers() == 1 ? " other follows" : " others follow");
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
                            List.of(root.kind(), root.reason(), root.detail()),
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
