package io.github.postgresqlha.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.spec.InvalidSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single values that are taken, and those that are refused. */
class ValuesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "healthMonitor: {replicationLagMaxBytes: 1073741824}",
                "credentials: {existingSecret: my.secret}",
                "imagePullSecrets: [registry.example]",
                "network: {apiServerCidr: 10.0.0.1/32}",
                "network: {apiServerCidr: '2001:db8::/32'}",
                "network: {apiServerCidr: '::/0'}",
                "network: {apiServerCidr: '1:2:3:4:5:6:7:8/128'}",
                "primary: {nodeSelector: {example.com/pool: databases}}",
                "image: registry.example:5000/team/postgres:17.2-bookworm",
                "configuration: {parameters: {recovery_prefetch: 'off'}}",
                "backup: {schedule: '@daily'}",
                "primary: {storage: {data: {size: 0.05Ti}}, resources: {requests: {cpu: '1', memory: 2Gi}}}"
            })
    void are_taken(String yaml) {
        assertThat(ConfigurationFile.parse(yaml)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            healthMonitor: {backupMaxAgeHours: 3000000000}   | healthMonitor.backupMaxAgeHours: must be a whole number of at most 2147483647, got '3000000000'
            credentials: {existingSecret: My_Secret}         | credentials.existingSecret: must be the name of a Secret
            network: {apiServerCidr: 999.999.999.999/32}     | network.apiServerCidr: is no range of addresses
            network: {apiServerCidr: 10.0.0.1/33}            | network.apiServerCidr: is no range of addresses
            network: {apiServerCidr: '1::2::3/64'}           | network.apiServerCidr: is no range of addresses
            network: {apiServerCidr: '1:2:3/64'}             | network.apiServerCidr: is no range of addresses
            primary: {nodeSelector: {bad key!: x}}           | primary.nodeSelector.bad key!: is no name of Kubernetes
            standby: {nodeSelector: {a: b c}}                | standby.nodeSelector.a: must be a label's value
            image: postgres:17-alpine                        | image: must be Debian's image
            image: https://registry.example/postgres:17      | image: is no image name
            image: a//b:17                                   | image: is no image name
            primary: {storage: {data: {size: 999999999999Ei}}} | primary.storage.data.size: must be at most 1Ei
            primary: {resources: {requests: {cpu: 0}}}       | primary.resources.requests.cpu: must be more than 0
            namespace: kube-system                           | namespace: must be none of Kubernetes' own
            namespace: default                               | namespace: must be none of Kubernetes' own
            configuration: {parameters: {recovery_target_time: x}} | configuration.parameters.recovery_target_time: is set by the product itself
            backup: {schedule: 0 2 * * 7}                    | backup.schedule: is no schedule (day-of-week 7 is not 0 to 6)
            """)
    void are_refused(String yaml, String message) {
        assertThatThrownBy(() -> ConfigurationFile.parse(yaml))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            patroni: {ttl: 30}                               | patroni: does nothing with failover manual
            replication: {dataDurability: preferred}         | replication.dataDurability: does nothing with replication.synchronous false
            primary: {service: {type: LoadBalancer}}         | primary.service.type: LoadBalancer lets nobody in without network.clientCidrs
            standby: {service: {type: NodePort}}             | standby.service.type: NodePort lets nobody in without network.clientCidrs
            """)
    void that_do_nothing_are_warned_of(String yaml, String warning) {
        assertThat(ConfigurationFile.parse(yaml).warnings()).anyMatch(line -> line.startsWith(warning));
    }

    @Test
    void a_service_whose_clients_are_named_is_open() {
        assertThat(ConfigurationFile.parse(
                                "{primary: {service: {type: LoadBalancer}}, network: {clientCidrs: [10.30.0.0/16]}}")
                        .warnings())
                .noneMatch(line -> line.startsWith("primary.service"));
    }
}
