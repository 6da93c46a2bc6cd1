package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.configuration.ConfigurationFile;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAddressesTest {

    private static final String OWN = "namespace: database\nnetwork: {airflowPods: false%s}\n";

    @Test
    void a_namespace_that_airflow_s_pods_share_is_warned_of() {
        assertThat(warnings("name: postgresql"))
                .singleElement()
                .asString()
                .startsWith("namespace: pods of Airflow share it")
                .contains("network.clients", "podSecurity.enforce: restricted");
        assertThat(warnings(OWN.formatted(""))).isEmpty();
    }

    @Test
    void the_way_of_a_token_to_every_address_is_warned_of() {
        String automatic = "failover: automatic\nimage: registry.example/patroni:17\n";
        assertThat(warnings(automatic + OWN.formatted("")))
                .singleElement()
                .asString()
                .startsWith("network.apiServerCidr: ")
                .contains("kubectl get endpoints kubernetes");
        assertThat(warnings(automatic + OWN.formatted(", apiServerCidr: 10.0.0.1/32")))
                .isEmpty();
    }

    @Test
    void a_range_is_every_address_whichever_it_names() {
        assertThat(warnings("failover: automatic\nimage: registry.example/patroni:17\n"
                        + OWN.formatted(", apiServerCidr: 10.0.0.0/0")))
                .singleElement()
                .asString()
                .startsWith("network.apiServerCidr: ");
    }

    @Test
    void clients_from_every_address_are_warned_of() {
        assertThat(warnings(OWN.formatted(", clientCidrs: [10.1.0.0/16, 0.0.0.0/0]")))
                .singleElement()
                .asString()
                .startsWith("network.clientCidrs: every address may connect");
        assertThat(warnings(OWN.formatted(", clientCidrs: [10.1.0.0/16]"))).isEmpty();
    }

    @Test
    void the_way_of_the_backups_to_every_address_is_warned_of() {
        String copy = "backup: {offsite: {remote: 'offsite:bucket', secret: rclone, encrypted: true%s}}\n";
        assertThat(warnings(copy.formatted("") + OWN.formatted("")))
                .singleElement()
                .asString()
                .startsWith("backup.offsite.egressCidrs: the copy may go to every address at port 443");
        assertThat(warnings(copy.formatted(", egressCidrs: [10.20.0.0/16]") + OWN.formatted("")))
                .isEmpty();
    }

    @Test
    void a_level_for_a_namespace_of_somebody_else_does_nothing() {
        assertThat(warnings("createNamespace: false\npodSecurity: {enforce: restricted}\n" + OWN.formatted("")))
                .singleElement()
                .asString()
                .startsWith("podSecurity.enforce: does nothing with createNamespace false");
    }

    private static List<String> warnings(String yaml) {
        return ConfigurationFile.parse(yaml).warnings();
    }
}
