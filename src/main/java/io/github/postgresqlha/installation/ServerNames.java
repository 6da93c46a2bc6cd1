package io.github.postgresqlha.installation;

import io.github.postgresqlha.spec.PoolerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every name under which a member can be reached: what a certificate of its has to hold. */
final class ServerNames {

    private ServerNames() {}

    /** Of the Services of clients and of the members' pods, short and long; the first one is that of the primary's Service. */
    static List<String> of(Installation installation) {
        ObjectNames names = installation.names();
        List<String> all = new ArrayList<>();
        installation.members().stream()
                .filter(member -> member.ordinal() == 1)
                .flatMap(member -> forms(member.instance(), names.namespace()))
                .forEach(all::add);
        installation.members().stream()
                .flatMap(member -> forms(installation.host(member), names.namespace()))
                .forEach(all::add);
        poolers(installation).flatMap(name -> forms(name, names.namespace())).forEach(all::add);
        all.add("localhost");
        all.addAll(installation.spec().tls().additionalNames());
        return all.stream().distinct().toList();
    }

    /** The pooler shows its clients the same certificate. */
    private static Stream<String> poolers(Installation installation) {
        PoolerSpec pooler = installation.spec().pooler();
        ObjectNames names = installation.names();
        return Stream.of(names.pooler(), names.poolerRead())
                .filter(name -> pooler.enabled() && (pooler.readOnly() || name.equals(names.pooler())));
    }

    private static Stream<String> forms(String name, String namespace) {
        return Stream.of("", "." + namespace, "." + namespace + ".svc", "." + namespace + ".svc.cluster.local")
                .map(name::concat);
    }
}
