package io.github.postgresqlha.database;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.spec.ClientServiceSpec;
import io.github.postgresqlha.spec.IpFamilyPolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Services through which clients and the instances find each other. */
final class DatabaseService {

    private DatabaseService() {}

    /**
     * The address by which clients connect, only while what is behind it is ready. It follows the instance whatever its
     * role; where Patroni decides who is primary it follows the role.
     */
    static Service of(Installation installation, Member member) {
        ClientServiceSpec spec = new Instance(installation, member).service();
        return new ServiceBuilder()
                .withMetadata(installation.metadata(member.instance(), member))
                .editMetadata()
                .addToAnnotations(spec.annotations())
                .endMetadata()
                .withNewSpec()
                .withType(spec.type().toString())
                .withIpFamilyPolicy(ipFamilyPolicy(installation))
                .withSelector(selector(installation, member))
                .withPorts(port())
                .endSpec()
                .build();
    }

    private static Map<String, String> selector(Installation installation, Member member) {
        Labels labels = installation.labels();
        return installation.isAutomatic()
                ? Labels.with(
                        labels.members().getMatchLabels(),
                        Labels.ROLE,
                        member.component().label())
                : labels.selecting(member);
    }

    /**
     * The names of all pods, ready or not: an instance that starts has to find its peer while neither is ready.
     * It governs every StatefulSet of the installation.
     */
    static Service peers(Installation installation) {
        return new ServiceBuilder()
                .withMetadata(installation.metadata(installation.names().peers(), Component.PRIMARY))
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withIpFamilyPolicy(ipFamilyPolicy(installation))
                .withPublishNotReadyAddresses(true)
                .withSelector(installation.labels().members().getMatchLabels())
                .withPorts(port())
                .endSpec()
                .build();
    }

    private static @Nullable String ipFamilyPolicy(Installation installation) {
        return installation
                .spec()
                .network()
                .ipFamilyPolicy()
                .map(IpFamilyPolicy::toString)
                .orElse(null);
    }

    private static ServicePort port() {
        return new ServicePortBuilder()
                .withName(Ports.POSTGRESQL_NAME)
                .withPort(Ports.POSTGRESQL)
                .withTargetPort(new IntOrString(Ports.POSTGRESQL_NAME))
                .withProtocol("TCP")
                .build();
    }
}
