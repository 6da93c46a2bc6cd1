package io.github.postgresqlha;

import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.dist.DistFiles;
import io.github.postgresqlha.edit.Edits;
import io.github.postgresqlha.edit.SpecEdits;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;

/** From a specification to the files of {@code dist/}: the same bytes on every machine and in every run. */
public final class Synthesis {

    private Synthesis() {}

    /**
     * Refuses what no key alone shows: an addition that collides with what the product needs.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException with everything that is wrong
     */
    public static void check(PostgresqlHaSpec spec) {
        if (!SpecEdits.of(spec).isNone() || !spec.extraObjects().isEmpty()) {
            Plan.parts(Installation.of(spec));
        }
    }

    /** Every file, sorted by path. Needs no node. Each installation needs a folder of its own: some have the same paths in all. */
    public static List<DistFile> files(PostgresqlHaSpec spec) {
        return files(spec, Edits.none());
    }

    /**
     * The same after some edits.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException if an edit would break what the product needs
     */
    public static List<DistFile> files(PostgresqlHaSpec spec, Edits edits) {
        Installation installation = Installation.of(spec);
        return DistFiles.of(installation, Plan.parts(installation, edits));
    }
}
