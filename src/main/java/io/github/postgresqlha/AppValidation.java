package io.github.postgresqlha;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.ObjectNames;
import java.util.ArrayList;
import java.util.List;
import org.cdk8s.ApiObject;
import software.constructs.IConstruct;
import software.constructs.IValidation;

/**
 * What only a whole app shows, when its user has added everything: objects of the user's own that have the name of one of an installation,
 * and installations of which a part is missing. cdk8s asks where it synthesizes.
 */
final class AppValidation implements IValidation {

    private final IConstruct root;
    private final TakenNames taken;

    AppValidation(IConstruct root, TakenNames taken) {
        this.root = root;
        this.taken = taken;
    }

    @Override
    public List<String> validate() {
        List<String> errors = new ArrayList<>();
        taken.installations().forEach(installation -> requireMembers(installation, errors));
        requireOthers(root, errors);
        return errors;
    }

    /** Neither member serves without the other. Parts without both may be beside an installation of another app. */
    private void requireMembers(Installation installation, List<String> errors) {
        ObjectNames names = installation.names();
        String who = "installation " + names.name() + " in namespace " + names.namespace() + ": ";
        boolean primary = taken.has("StatefulSet", names.namespace(), names.primary());
        boolean standby = taken.has("StatefulSet", names.namespace(), names.standby());
        if (standby && !primary) {
            errors.add(
                    who
                            + "the app has a StandbyDatabase and no PrimaryDatabase of this name; add that, or use PostgresqlHa");
        }
        if (primary && !standby && installation.spec().standbys() > 0) {
            errors.add(who
                    + "the specification has standbys, for which its primary waits, and the app no StandbyDatabase of this name;"
                    + " add that, or set standby.enabled to false");
        }
    }

    /** Each construct that is looked at costs messages to node, so those of the product are left out. */
    private void requireOthers(IConstruct construct, List<String> errors) {
        if (construct instanceof Manifest) {
            return;
        }
        if (construct instanceof ApiObject object) {
            String namespace = object.getMetadata().getNamespace();
            if (taken.has(object.getKind(), namespace, object.getName())) {
                errors.add(object.getNode().getPath() + " is " + object.getKind() + " " + object.getName()
                        + ", which an installation has as well: one would replace the other; leave it out"
                        + (namespace == null && !object.getKind().equals("Namespace") ? ", or give it a namespace" : "")
                        + (object.getKind().equals("Namespace") ? ", or set createNamespace to false" : ""));
            }
        }
        construct.getNode().getChildren().forEach(child -> requireOthers(child, errors));
    }
}
