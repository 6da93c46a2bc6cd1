package io.github.postgresqlha.dist;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.metrics.AlertRules;
import io.github.postgresqlha.plan.Part;
import io.github.postgresqlha.script.Script;
import io.github.postgresqlha.script.Scripts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The whole folder {@code dist/}. */
public final class DistFiles {

    /** What only an installation with a standby needs. */
    private static final List<String> PROCEDURES = List.of("change-failover.sh", "rebuild-standby.sh");

    /** Procedures that differ where Patroni decides who is primary: name to resource. */
    private static final Map<String, String> MANUAL =
            Map.of("failover.sh", "failover.sh", "switchover.sh", "switchover.sh");

    private static final Map<String, String> AUTOMATIC =
            Map.of("failover.sh", "failover-automatic.sh", "switchover.sh", "switchover-automatic.sh");

    /** What every installation's programs share, and what only the procedures do. */
    private static final List<String> LIBRARIES = List.of(
            "lib/airflow.sh",
            "lib/apply.sh",
            "lib/authority.sh",
            "lib/certificates.sh",
            "lib/deploy.sh",
            "lib/diagnosis.sh",
            "lib/kubectl.sh",
            "lib/mask.sh",
            "lib/members.sh",
            "lib/passwords.sh",
            "lib/procedure.sh",
            "lib/renewal.sh",
            "lib/requirements.sh",
            "lib/rotation.sh",
            "lib/sessions.sh",
            "lib/test.sh",
            "lib/tls.sh");

    private static final List<String> PROCEDURE_LIBRARIES =
            List.of("lib/change.sh", "lib/holdings.sh", "lib/loss.sh", "lib/settle.sh");

    /** What every installation has in service. */
    private static final List<String> PROGRAMS =
            List.of("diagnose.sh", "kill-long-queries.sh", "rotate-certificates.sh", "rotate-passwords.sh");

    /** Of which users build the image that automatic failover needs. */
    private static final List<String> IMAGE = List.of("image/Dockerfile", "image/requirements.txt");

    private DistFiles() {}

    /** Every file, sorted by path. */
    public static List<DistFile> of(Installation installation, List<Part> parts) {
        return of(installation, Manifests.of(parts));
    }

    /**
     * Every file, sorted by path, with manifests that were written elsewhere.
     *
     * @param manifests file name to YAML, in the order in which they are applied
     */
    public static List<DistFile> of(Installation installation, Map<String, String> manifests) {
        List<DistFile> files = new ArrayList<>();
        manifests.forEach((name, yaml) -> files.add(DistFile.text(name, yaml)));
        files.add(DistFile.text("kustomization.yaml", Kustomization.of(manifests.keySet())));
        Scripts.of(installation.spec()).forEach(script -> files.add(script(script)));
        files.addAll(operations(installation, Facts.of(installation, manifests.keySet())));
        files.sort(Comparator.comparing(DistFile::path));
        return List.copyOf(files);
    }

    /** Libraries are sourced; what has an interpreter's line is run. */
    private static DistFile script(Script script) {
        return new DistFile(
                "scripts/" + script.path(), script.content(), script.content().startsWith("#!"));
    }

    private static List<DistFile> operations(Installation installation, Map<String, String> facts) {
        String name = installation.names().name();
        List<DistFile> files = new ArrayList<>(List.of(
                DistFile.text(name + ".env", new DataFile(facts).render()),
                DistFile.program("deploy-" + name + ".sh", Resource.read("deploy-postgresql.sh")),
                DistFile.program("test-" + name + "-ha.sh", Resource.read("test-postgresql-ha.sh"))));
        files.addAll(Documents.of(installation, facts));
        files.addAll(AirflowFiles.of(installation, facts));
        AlertRules.of(installation)
                .file()
                .ifPresent(rules -> files.add(DistFile.text("alerts/" + name + ".rules.yaml", rules)));
        LIBRARIES.forEach(library -> files.add(DistFile.text(library, Resource.read(library))));
        PROGRAMS.forEach(program -> files.add(DistFile.program(program, Resource.read(program))));
        if (installation.isAutomatic()) {
            IMAGE.forEach(file -> files.add(DistFile.text(file, Resource.read(file))));
        }
        if (installation.members().size() > 1) {
            PROCEDURE_LIBRARIES.forEach(library -> files.add(DistFile.text(library, Resource.read(library))));
            PROCEDURES.forEach(program -> files.add(DistFile.program(program, Resource.read(program))));
            (installation.isAutomatic() ? AUTOMATIC : MANUAL)
                    .forEach((program, resource) -> files.add(DistFile.program(program, Resource.read(resource))));
        }
        return files;
    }
}
