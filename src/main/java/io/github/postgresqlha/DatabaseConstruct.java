package io.github.postgresqlha;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.ObjectNames;
import io.github.postgresqlha.plan.Companions;
import io.github.postgresqlha.plan.Part;
import io.github.postgresqlha.plan.PartName;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.Violations;
import java.util.List;
import java.util.Set;
import software.constructs.Construct;

/** Some parts of an installation as a construct, and below it one for each part. */
abstract class DatabaseConstruct extends Construct {

    private final Installation installation;
    private final List<Manifest> manifests;

    /**
     * @param plan the whole installation
     * @param own the parts that no other construct may have; of what they need of the others each object is added where none did so yet
     */
    DatabaseConstruct(Construct scope, String id, Installation installation, List<Part> plan, Set<PartName> own) {
        super(scope, id);
        this.installation = installation;
        TakenNames taken = TakenNames.of(scope);
        taken.requireSame(installation, plan);
        this.manifests = Companions.of(installation, plan, own).stream()
                .map(part -> new Part(
                        part.name(),
                        part.id(),
                        part.objects().stream()
                                .filter(object -> taken.take(installation, object, own.contains(part.name())))
                                .toList()))
                .filter(part -> !part.objects().isEmpty())
                .map(part -> new Manifest(this, part))
                .toList();
        taken.add(installation, plan);
    }

    /** The installation of a specification that has what a construct of that name adds. */
    static Installation with(PostgresqlHaSpec spec, boolean enabled, String key, String construct) {
        new Violations(construct)
                .require(
                        enabled,
                        key,
                        "must be true where a chart has the construct " + construct
                                + ", got false; set it, or leave the construct out")
                .throwIfAny();
        return Installation.of(spec);
    }

    final Installation installation() {
        return installation;
    }

    /** The names of all objects of the installation, also of those that this construct does not have. */
    public final ObjectNames names() {
        return installation.names();
    }

    /** The parts that this construct added, in the order in which they are applied. */
    public final List<Manifest> manifests() {
        return manifests;
    }
}
