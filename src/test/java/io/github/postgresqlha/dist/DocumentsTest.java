package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the generated documents say of an installation is true of its objects and files: for every specification. */
class DocumentsTest {

    private static final Pattern OBJECT =
            Pattern.compile("(?:(?:cronjob|statefulset|deployment)/|scale statefulset |pvc )([a-z0-9][a-z0-9-]*)");
    private static final Pattern PROGRAM = Pattern.compile("\\./([a-z0-9-]+\\.sh)");
    private static final Pattern SCRIPT = Pattern.compile("/scripts/([a-z/-]+\\.sh)");
    private static final Pattern POD = Pattern.compile("kubectl (?:exec|describe pod|logs)[^\n]* ([a-z0-9-]+-0)\\b");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)[^):]*\\)");
    private static final Pattern NAMESPACE = Pattern.compile("kubectl [^\n]*-n ([a-z0-9-]+)");

    static Stream<Arguments> specifications() {
        return Examples.all().entrySet().stream()
                .map(example -> Arguments.of(Named.of(example.getKey(), Described.of(example.getValue()))));
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void name_only_what_is_there(Described described) {
        for (DistFile document : described.documents()) {
            assertThat(matches(OBJECT, document)).as(document.path()).isSubsetOf(described.objects());
            assertThat(matches(PROGRAM, document)).as(document.path()).isSubsetOf(described.paths());
            assertThat(matches(SCRIPT, document).stream().map(script -> "scripts/" + script))
                    .as(document.path())
                    .isSubsetOf(described.paths());
            assertThat(matches(POD, document)).as(document.path()).isSubsetOf(described.pods());
            assertThat(matches(LINK, document).stream().map(link -> resolve(document, link)))
                    .as(document.path())
                    .isSubsetOf(described.paths());
            assertThat(matches(NAMESPACE, document))
                    .as(document.path())
                    .isSubsetOf(described.installation().names().namespace());
        }
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void say_when_each_job_runs(Described described) {
        assertThat(described.of(CronJob.class))
                .filteredOn(job -> !Boolean.TRUE.equals(job.getSpec().getSuspend()))
                .isNotEmpty()
                .allSatisfy(job -> assertThat(described.readme())
                        .as(job.getMetadata().getName())
                        .containsIgnoringCase(
                                "by the schedule `" + job.getSpec().getSchedule() + "`"));
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void list_each_file_and_no_other(Described described) {
        Set<String> listed = described
                .readme()
                .lines()
                .dropWhile(line -> !line.equals("## What is here"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1)[1])
                .flatMap(cell -> Pattern.compile("`([^`]+)`").matcher(cell).results())
                .map(match -> match.group(1))
                .filter(file -> file.matches("[a-z].*(\\.(yaml|sh|env)|/)"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed)
                .allSatisfy(file -> assertThat(described.paths())
                        .as(file)
                        .anyMatch(path -> file.endsWith("/") ? path.startsWith(file) : path.equals(file)));
        assertThat(described.paths())
                .filteredOn(path -> !path.startsWith("README-") && !path.startsWith("."))
                .allSatisfy(path -> assertThat(listed)
                        .as(path)
                        .anyMatch(file -> file.endsWith("/") ? path.startsWith(file) : path.equals(file)));
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void count_the_members_and_the_clients(Described described) {
        int standbys = described.pods().size() - 1;
        assertThat(described.readme().contains("There is no standby.")).isEqualTo(standbys == 0);
        assertThat(described.readme().contains("one standby streams from it"))
                .isEqualTo(standbys == 1 && manual(described));
        assertThat(described.readme().contains("There are " + standbys + " standbys."))
                .isEqualTo(standbys > 1);
        long clients = described
                .readme()
                .lines()
                .filter(line -> line.matches("- (pods|every pod|addresses) .*"))
                .count();
        assertThat(clients).isEqualTo(letInFromOutside(described));
    }

    private static boolean manual(Described described) {
        return !described.installation().isAutomatic();
    }

    /** Peers of the rule that follows the one of the installation's own pods. */
    private static int letInFromOutside(Described described) {
        String connections = described.installation().names().name() + "-connections";
        return described.of(NetworkPolicy.class).stream()
                .filter(policy -> policy.getMetadata().getName().equals(connections))
                .map(policy -> policy.getSpec().getIngress().get(1).getFrom().size())
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> matches(Pattern pattern, DistFile document) {
        return pattern.matcher(document.content())
                .results()
                .map(match -> match.group(1))
                .filter(value -> !value.contains("http"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String resolve(DistFile document, String link) {
        int folder = document.path().lastIndexOf('/');
        return document.path().substring(0, folder + 1) + link;
    }

    /** An installation with all that its documents may speak of. */
    private record Described(Installation installation, List<DistFile> files, List<HasMetadata> all) {

        static Described of(PostgresqlHaSpec spec) {
            Installation installation = Installation.of(spec);
            List<HasMetadata> objects = Plan.parts(installation).stream()
                    .flatMap(part -> part.objects().stream())
                    .toList();
            return new Described(installation, Synthesis.files(spec), objects);
        }

        List<DistFile> documents() {
            return files.stream().filter(file -> file.path().endsWith(".md")).toList();
        }

        String readme() {
            return documents().stream()
                    .filter(file -> file.path().startsWith("README-"))
                    .findFirst()
                    .orElseThrow()
                    .content();
        }

        Set<String> paths() {
            return files.stream().map(DistFile::path).collect(Collectors.toCollection(TreeSet::new));
        }

        Set<String> objects() {
            Set<String> names = all.stream()
                    .map(object -> object.getMetadata().getName())
                    .collect(Collectors.toCollection(TreeSet::new));
            names.add(installation.secretName());
            installation
                    .spec()
                    .backup()
                    .offsite()
                    .flatMap(offsite -> offsite.secret())
                    .ifPresent(names::add);
            return names;
        }

        Set<String> pods() {
            return of(StatefulSet.class).stream()
                    .map(set -> set.getMetadata().getName() + "-0")
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        <T extends HasMetadata> List<T> of(Class<T> kind) {
            return all.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }
}
