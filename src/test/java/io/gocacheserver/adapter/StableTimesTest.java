package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;

@Needs(Program.GIT)
class StableTimesTest {

    private static final FileTime FIRST = FileTime.from(Instant.parse("1980-01-01T00:00:00Z"));
    private static final FileTime LAST = FileTime.from(Instant.parse("2014-12-31T00:00:00Z"));
    private static final FileTime OWN = FileTime.from(Instant.parse("2020-02-02T02:02:02Z"));
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir private Path temp;

    @Test
    void aCheckoutHasTimesOfThePastThatTellItsContentsApart() throws IOException {
        GitFixture checkout = GitFixture.create(temp.resolve("r"));

        int count = set(checkout);

        Map<String, FileTime> times = checkout.times();
        assertThat(times).hasSize(count).containsKeys("", "a", "a/new\nline", "a/link", "größe");
        assertThat(times.values()).allMatch(t -> t.compareTo(FIRST) > 0 && t.compareTo(LAST) < 0);
        assertThat(new HashSet<>(times.values().stream().map(t -> t.to(SECONDS)).toList()))
                .hasSameSizeAs(times.values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-tags", "--depth=1", "--filter=blob:none", "worktree"})
    void everyCheckoutHasTheSameTimes(String kind) throws IOException {
        GitFixture first = GitFixture.create(temp.resolve("r"));
        first.git("config", "uploadpack.allowFilter", "true");
        Path to = temp.resolve("second");
        if (kind.equals("worktree")) {
            first.git("worktree", "add", "--quiet", to.toString());
        }
        GitFixture second = kind.equals("worktree") ? new GitFixture(to) : first.copy(to, kind);
        set(first);
        set(second);

        assertThat(second.times()).isEqualTo(first.times());
        assertUpToDate(second);
    }

    @Test
    void aSubdirectoryNamesTheWholeCheckout() throws IOException {
        GitFixture checkout = GitFixture.create(temp.resolve("r"));
        int count = times().set(checkout.path("a/b"));

        assertThat(count).isEqualTo(checkout.times().size());
        assertThat(checkout.time("go.mod")).isLessThan(LAST);
    }

    @Test
    void otherContentHasAnotherTime() throws IOException {
        GitFixture checkout = GitFixture.create(temp.resolve("r"));
        set(checkout);
        Map<String, FileTime> before = checkout.times();
        checkout.write("a/b/deep.txt", "CONTENT of a/b/deep.txt");
        checkout.write("a/b/third.txt", "new");
        checkout.commit();
        set(checkout);

        Map<String, FileTime> after = checkout.times();
        assertThat(after.remove("a/b/third.txt")).isNotNull();
        assertThat(after.entrySet())
                .filteredOn(e -> !e.getValue().equals(before.get(e.getKey())))
                .extracting(Map.Entry::getKey)
                .containsExactly("a/b", "a/b/deep.txt");
        assertUpToDate(checkout);
    }

    @Test
    void whatGitShowsAsChangedOrDoesNotTrackKeepsItsTime() throws IOException {
        GitFixture checkout = GitFixture.create(temp.resolve("r"));
        checkout.write("a/b/deep.txt", "CONTENT of a/b/deep.txt");
        checkout.write("staged.txt", "new");
        checkout.git("add", "staged.txt");
        checkout.write("a/untracked.txt", "new");
        checkout.write("untracked/inner.txt", "new");
        checkout.git("update-index", "--assume-unchanged", "a/b/other.txt");
        checkout.write("a/b/other.txt", "CONTENT of a/b/other.txt");
        String[] own = {
            "a/b/deep.txt",
            "staged.txt",
            "a/untracked.txt",
            "untracked/inner.txt",
            "untracked",
            "a/b/other.txt"
        };
        for (String file : own) {
            checkout.time(file, OWN);
        }

        set(checkout);

        assertThat(checkout.times().entrySet())
                .filteredOn(e -> e.getValue().equals(OWN))
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder(own);
    }

    @Test
    void aFoldersTimeStandsForAllNamesInIt() throws IOException {
        GitFixture first = GitFixture.create(temp.resolve("r"));
        GitFixture second = first.copy(temp.resolve("second"));
        set(first);
        FileTime without = first.time("a");
        first.write("a/generated.txt", "1");
        second.write("a/generated.txt", "2");
        set(first);
        set(second);

        assertThat(first.time("a")).isNotEqualTo(without).isEqualTo(second.time("a"));
        assertThat(first.time("")).isEqualTo(second.time(""));
    }

    @Test
    void aFolderThatIsALinkNowIsNotFollowed() throws IOException {
        GitFixture checkout = GitFixture.create(temp.resolve("r"));
        Path outside = temp.resolve("outside");
        Files.move(checkout.path("a"), outside);
        Files.createSymbolicLink(checkout.path("a"), outside);
        Files.setLastModifiedTime(outside.resolve("b/deep.txt"), OWN);
        Files.setLastModifiedTime(outside.resolve("b"), OWN);

        set(checkout);

        assertThat(Files.getLastModifiedTime(outside.resolve("b"))).isEqualTo(OWN);
        assertThat(Files.getLastModifiedTime(outside.resolve("b/deep.txt"))).isEqualTo(OWN);
    }

    @Test
    void submodulesHaveTimesToo() throws IOException {
        GitFixture inner = GitFixture.create(temp.resolve("inner"));
        GitFixture outer = GitFixture.create(temp.resolve("outer"));
        for (String name : new String[] {"sub", "größe/sub"}) {
            outer.git("submodule", "--quiet", "add", inner.directory().toUri().toString(), name);
        }
        outer.commit();
        GitFixture with = outer.copy(temp.resolve("with"), "--recurse-submodules");
        GitFixture without = outer.copy(temp.resolve("without"));
        set(outer);
        set(with);
        set(without);
        set(inner);

        assertThat(with.times()).isEqualTo(outer.times());
        assertThat(with.time("sub/a/b/deep.txt")).isEqualTo(inner.time("a/b/deep.txt"));
        assertThat(with.time("größe/sub/go.mod")).isEqualTo(inner.time("go.mod"));
        assertThat(without.time("sub")).isLessThan(LAST);
        assertUpToDate(with);
        assertUpToDate(new GitFixture(with.path("sub")));
    }

    @Test
    void whatAFilterHasMadeOfAFileIsNoChange() throws IOException {
        GitFixture checkout = GitFixture.create(temp.resolve("r"));
        checkout.git("config", "filter.large.clean", "sed s/LARGE/pointer/");
        checkout.git("config", "filter.large.smudge", "sed s/pointer/LARGE/");
        checkout.write(".gitattributes", "*.bin filter=large\n");
        checkout.write("x.bin", "a LARGE thing");
        checkout.commit();
        set(checkout);
        assertThat(checkout.git("show", "HEAD:x.bin")).isEqualTo("a pointer thing");

        GitFixture other = checkout.copy(temp.resolve("without-filter"));
        set(other);

        assertThat(Files.readString(other.path("x.bin"))).isEqualTo("a pointer thing");
        assertThat(checkout.time("x.bin")).isLessThan(LAST).isEqualTo(other.time("x.bin"));
        assertUpToDate(checkout);
    }

    /** A filter, which Git runs when it looks at the first file again, stands for an editor. */
    @Test
    void aFileThatIsWrittenMeanwhileIsNew() throws IOException {
        GitFixture checkout = GitFixture.create(temp.resolve("r"));
        checkout.write(".gitattributes", "a/b/deep.txt filter=editor\n");
        checkout.commit();
        set(checkout);
        String old = checkout.time("go.mod").toString();
        checkout.time("a/b/deep.txt", OWN);
        checkout.time("go.mod", OWN);
        checkout.git("update-index", "--refresh");
        checkout.git(
                "config",
                "filter.editor.clean",
                "cat; echo edited >go.mod; touch -d %s go.mod".formatted(old));

        set(checkout);

        assertThat(checkout.time("go.mod")).isEqualTo(FileTime.from(NOW));
        assertThat(checkout.git("status", "--porcelain").lines().toList())
                .containsExactly(" M go.mod");
    }

    @Test
    void saysWhyThereIsNothingToSet() throws IOException {
        assertThatIOException()
                .isThrownBy(() -> times().set(temp))
                .withMessageContaining("not a git repository");
        GitFixture checkout = GitFixture.create(temp.resolve("r"));
        assertThatIOException()
                .isThrownBy(() -> times().set(checkout.path(".git")))
                .withMessageContaining("not inside a checkout");
    }

    private static int set(GitFixture checkout) throws IOException {
        StableTimes times = times();
        int count = times.set(checkout.directory());
        assertThat(times.problem()).isNull();
        return count;
    }

    private static StableTimes times() {
        return new StableTimes(() -> NOW);
    }

    /** Git need not look into files to know that they have not changed, which this command does not do. */
    private static void assertUpToDate(GitFixture checkout) throws IOException {
        assertThat(checkout.git("diff-files", "--name-only")).isEmpty();
        assertThat(checkout.git("status", "--porcelain")).isEmpty();
    }
}
