package io.github.postgresqlha.overlay;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.SourceSpec;
import io.github.postgresqlha.spec.Violations;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands where the names of a release and its namespace go. Neither is a name of Kubernetes, so that the installation is synthesized with
 * names that stand in for them, and gets them as text.
 */
final class Placeholders {

    /** What one of 39 characters leaves beside the name that stands in for the release's. */
    static final int LONGEST_NAME = 26;

    private static final String RELEASE = "RELEASE-NAME";
    private static final String NAMESPACE = "NAMESPACE";

    /** Nobody else's: nothing else is replaced. */
    private static final String NAMESPACE_NAME = "namespace-of-the-release";

    private static final String RELEASE_NAME = "release-name";

    /** Whoever replaces a placeholder knows no words: one within a longer word would be replaced as well. */
    private static final Pattern WITHIN_A_WORD =
            Pattern.compile("\\w+(?:NAMESPACE|RELEASE-NAME)\\w*|(?:NAMESPACE|RELEASE-NAME)(?:\\w+)");

    private Placeholders() {}

    /** What stands in for the release's name, before every name. */
    static String prefix() {
        return RELEASE_NAME + "-";
    }

    /** The installation that stands in for one of any release. The namespace is the release's own, and so is the PostgreSQL to migrate from. */
    static Installation standIn(PostgresqlHaSpec spec) {
        return Installation.of(PostgresqlHaSpec.builder()
                .from(spec)
                .network(NetworkSpec.builder()
                        .from(spec.network())
                        .addSources(SourceSpec.builder()
                                .putPodLabel("app.kubernetes.io/name", "postgresql")
                                .putPodLabel("app.kubernetes.io/instance", RELEASE)
                                .build())
                        .build())
                .name(prefix() + spec.name())
                .namespace(NAMESPACE_NAME)
                .createNamespace(false)
                .build());
    }

    /** A file's name without that of the release. */
    static String path(String path) {
        return path.replace(prefix(), "");
    }

    /** A text with the placeholders in it. The name of a slot, which has no hyphens, gets one that instance.sh takes out again. */
    static String in(String file, String text, Violations violations) {
        // Of a pod that has no such variable: every one but Patroni's.
        String replaced = text.replace("${POD_NAMESPACE:-NAMESPACE}", NAMESPACE);
        Matcher word = WITHIN_A_WORD.matcher(replaced);
        if (file.endsWith(".yaml") && word.find()) {
            violations.require(
                    false,
                    "",
                    file + " must not have " + NAMESPACE + " or " + RELEASE + " within a longer word, got '"
                            + word.group() + "'; both are replaced wherever they stand: choose another word");
        }
        return replaced.replace(prefix(), RELEASE + "-")
                .replace(RELEASE_NAME.replace('-', '_') + "_", RELEASE + "_")
                .replace(NAMESPACE_NAME, NAMESPACE);
    }
}
