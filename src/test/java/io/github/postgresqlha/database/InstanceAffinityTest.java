package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstanceAffinityTest {

    private static final Labels LABELS = new Labels("postgresql", "17");

    @Test
    void a_member_prefers_another_node_and_another_zone_than_its_peers() {
        assertThat(YamlText.of(InstanceAffinity.of(LABELS, List.of()))).isEqualTo("""
                podAntiAffinity:
                  preferredDuringSchedulingIgnoredDuringExecution:
                    - podAffinityTerm:
                        labelSelector:
                          matchLabels:
                            postgresqlha.github.io/member: postgresql
                        topologyKey: kubernetes.io/hostname
                      weight: 100
                    - podAffinityTerm:
                        labelSelector:
                          matchLabels:
                            postgresqlha.github.io/member: postgresql
                        topologyKey: topology.kubernetes.io/zone
                      weight: 50
                """);
    }

    @Test
    void who_mounts_the_backups_has_to_be_where_they_are() {
        assertThat(YamlText.of(InstanceAffinity.of(
                                LABELS,
                                BackupVolume.of(Installation.of(Examples.standard()))
                                        .affinityTerms())
                        .getPodAffinity()))
                .isEqualTo("""
                requiredDuringSchedulingIgnoredDuringExecution:
                  - labelSelector:
                      matchLabels:
                        postgresqlha.github.io/backup-volume: postgresql-backup
                    topologyKey: kubernetes.io/hostname
                """);
    }
}
