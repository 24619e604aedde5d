package io.gocacheserver.build;

import io.gocacheserver.profile.BuildSettings;
import io.gocacheserver.wire.BuildVariables;
import io.gocacheserver.wire.PackageCodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** In which settings two builds differ, as far as these are part of a package's action. */
record SettingsDifference(BuildSettings before, BuildSettings now) {

    /** Each as a text for people, such as {@code GOAMD64 v3, before v1}. */
    List<String> of(PackageUse use) {
        Set<String> names = new TreeSet<>(before.values().keySet());
        names.addAll(now.values().keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String old = before.values().getOrDefault(name, "");
            String value = now.values().getOrDefault(name, "");
            if (!old.equals(value) && isPartOf(name, use)) {
                differences.add(name + ' ' + shown(value) + ", before " + shown(old));
            }
        }
        return differences;
    }

    private boolean isPartOf(String name, PackageUse use) {
        if (BuildVariables.C.contains(name)) {
            return use.is(PackageCodes.CGO);
        }
        return switch (name) {
            // Never of the standard library; where one build has -trimpath, that says it all.
            case BuildSettings.DIRECTORY -> use.is(PackageCodes.OWN) && !trimpathDiffers();
            case BuildSettings.MODULE_CACHE ->
                    !use.is(PackageCodes.OWN)
                            && !use.is(PackageCodes.STANDARD)
                            && !trimpathDiffers();
            case BuildSettings.VCS -> use.is(PackageCodes.MAIN);
            case "-vet", "-vettool" -> false;
            default -> true;
        };
    }

    private boolean trimpathDiffers() {
        return before.values().containsKey(BuildSettings.TRIMPATH)
                != now.values().containsKey(BuildSettings.TRIMPATH);
    }

    private static String shown(String value) {
        return value.isEmpty() ? "not set" : value;
    }
}
