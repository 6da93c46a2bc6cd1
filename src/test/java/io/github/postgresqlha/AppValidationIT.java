package io.github.postgresqlha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.ApiObjectProps;
import org.cdk8s.App;
import org.cdk8s.AppProps;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused when an app is synthesized, because before that nobody knows what its user will still add. */
class AppValidationIT {

    @TempDir
    Path folder;

    private App app;
    private Chart chart;

    @BeforeEach
    void open() {
        app = new App(AppProps.builder().outdir(folder.toString()).build());
        chart = new Chart(app, "databases");
    }

    @Test
    void a_whole_installation_and_one_of_all_parts_are_complete() {
        new PostgresqlHa(chart, "whole", named("whole"));
        new PrimaryDatabase(chart, "primary", named("parts"));
        new StandbyDatabase(chart, "standby", named("parts"));
        own("Namespace", null, "mine");
        own("ConfigMap", "whole", "mine");
        assertThatCode(app::synth).doesNotThrowAnyException();
    }

    @Test
    void a_primary_wants_the_standbys_of_its_specification() {
        new PrimaryDatabase(chart, "primary", named("half"));
        assertThatThrownBy(app::synth)
                .hasMessageContaining("installation half in namespace half: the specification has standbys,"
                        + " for which its primary waits, and the app no StandbyDatabase of this name");
    }

    @Test
    void a_standby_wants_a_primary() {
        new StandbyDatabase(chart, "standby", named("one"));
        assertThatThrownBy(app::synth)
                .hasMessageContaining(
                        "installation one in namespace one: the app has a StandbyDatabase and no PrimaryDatabase");
    }

    /** As where the members are in an app of other people. */
    @Test
    void parts_without_members_stand_alone() {
        new BackupSchedule(chart, "backup", named("two"));
        new HealthMonitor(chart, "health", named("two"));
        assertThatCode(app::synth).doesNotThrowAnyException();
    }

    @Test
    void an_object_of_the_users_own_replaces_none_of_an_installation() {
        own("Namespace", null, "whole");
        new PostgresqlHa(chart, "whole", named("whole"));
        own("ConfigMap", "whole", "whole-config");
        assertThatThrownBy(app::synth)
                .hasMessageContaining(
                        "databases/own-namespace-whole is Namespace whole, which an installation has as well:"
                                + " one would replace the other; leave it out, or set createNamespace to false")
                .hasMessageContaining("databases/own-configmap-whole-config is ConfigMap whole-config");
    }

    @Test
    void an_object_without_a_namespace_may_come_into_that_of_an_installation() {
        new PostgresqlHa(chart, "whole", named("whole"));
        own("Service", null, "whole-primary");
        assertThatThrownBy(app::synth)
                .hasMessageContaining(
                        "databases/own-service-whole-primary is Service whole-primary,"
                                + " which an installation has as well: one would replace the other; leave it out, or give it a namespace");
    }

    @Test
    void an_object_of_a_specification_without_a_namespace_is_in_that_of_its_installation() {
        GenericKubernetesResource extra = new GenericKubernetesResourceBuilder()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withNewMetadata()
                .withName("mine")
                .endMetadata()
                .build();
        new PostgresqlHa(
                chart,
                "whole",
                PostgresqlHaSpec.builder()
                        .from(named("whole"))
                        .addExtraObject(extra)
                        .build());
        own("ConfigMap", "whole", "mine");
        assertThatThrownBy(app::synth)
                .hasMessageContaining(
                        "databases/own-configmap-mine is ConfigMap mine, which an installation has as well");
    }

    @Test
    void the_namespace_of_a_chart_is_none_of_what_is_of_the_cluster() {
        Chart other = new Chart(
                app, "other", ChartProps.builder().namespace("elsewhere").build());
        new PostgresqlHa(other, "whole", named("whole"));
        assertThat((List<?>) other.toJson())
                .filteredOn(object -> object instanceof Map<?, ?> map && "Namespace".equals(map.get("kind")))
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .extractingByKey("metadata", InstanceOfAssertFactories.MAP)
                .containsEntry("name", "whole")
                .doesNotContainKey("namespace");
    }

    private static PostgresqlHaSpec named(String name) {
        return PostgresqlHaSpec.builder().name(name).namespace(name).build();
    }

    private void own(String kind, @Nullable String namespace, String name) {
        ApiObjectMetadata.Builder metadata = ApiObjectMetadata.builder().name(name);
        if (namespace != null) {
            metadata.namespace(namespace);
        }
        new ApiObject(
                chart,
                "own-" + kind.toLowerCase(Locale.ROOT) + "-" + name,
                ApiObjectProps.builder()
                        .apiVersion("v1")
                        .kind(kind)
                        .metadata(metadata.build())
                        .build());
    }
}
