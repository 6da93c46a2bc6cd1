package io.github.postgresqlha.metrics;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.postgresql.ReplicationSlot;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.HealthMonitorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What stands for {@code ${names}} in the models: this installation's members, and the specification's thresholds. */
record Values(Map<String, String> values) {

    private static final Pattern NAME = Pattern.compile("\\$\\{([A-Za-z]+)}");

    static Values of(Installation installation) {
        Map<String, String> values = new TreeMap<>(thresholds(installation));
        List<Member> members = installation.members();
        List<Member> prompt =
                members.stream().filter(member -> member.applyDelay().isEmpty()).toList();
        List<String> slots = slots(installation);
        values.put("namespace", installation.names().namespace());
        values.put("installation", installation.names().name());
        values.put(
                "members",
                "namespace=\"" + installation.names().namespace() + "\",pod=~\"" + any(members, Member::pod) + "\"");
        values.put("memberCount", String.valueOf(members.size()));
        values.put("standbyCount", String.valueOf(members.size() - 1));
        values.put("instances", any(members, Member::instance));
        values.put("promptInstances", any(prompt, Member::instance));
        values.put("promptPods", any(prompt, Member::pod));
        values.put("slots", String.join("|", slots));
        // The primary has none for itself.
        values.put("slotCount", String.valueOf(members.size() - 1 + (installation.archivesWal() ? 1 : 0)));
        values.put("backupCronJob", installation.names().backup());
        return new Values(values);
    }

    /** The health check's. */
    private static Map<String, String> thresholds(Installation installation) {
        HealthMonitorSpec spec = installation.spec().healthMonitor();
        BackupScheduleSpec backup = installation.spec().backup();
        Map<String, Long> numbers = new TreeMap<>();
        numbers.put("replicationLagMaxBytes", spec.replicationLagMaxBytes());
        numbers.put("replicationLagMaxSeconds", (long) spec.replicationLagMaxSeconds());
        numbers.put("connectionsMaxPercent", (long) spec.connectionsMaxPercent());
        numbers.put("diskMaxPercent", (long) spec.diskMaxPercent());
        numbers.put("backupMaxAgeHours", installation.spec().backupMaxAgeHours());
        numbers.put("certificateMinDays", (long) spec.certificateMinDays());
        numbers.put("minimumMinor", (long)
                spec.minimumMinor().orElse(installation.spec().postgresVersion().minimumMinor()));
        numbers.put("restoreTestMaxAgeDays", (long) backup.restoreTest().maxAgeDays());
        numbers.put("diskForecastMinHours", (long) spec.diskForecastMinHours());
        numbers.put("diskForecastMinSeconds", spec.diskForecastMinHours() * 3600L);
        numbers.put("transactionMaxSeconds", spec.transactionMaxMinutes() * 60L);
        numbers.put("idleInTransactionMaxSeconds", spec.idleInTransactionMaxMinutes() * 60L);
        numbers.put("lockWaitMaxSeconds", (long) spec.lockWaitMaxSeconds());
        numbers.put("cacheHitMinPercent", (long) spec.cacheHitMinPercent());
        numbers.put("transactionIdMaxAge", spec.transactionIdMaxAge());
        numbers.put("recoveryConflictsMaxPerHour", (long) spec.recoveryConflictsMaxPerHour());
        backup.baseBackupMaxAgeHours().ifPresent(hours -> numbers.put("baseBackupMaxAgeHours", hours));
        backup.offsite().ifPresent(copy -> numbers.put("offsiteMaxAgeMinutes", copy.maxAgeMinutes()));
        return numbers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
    }

    /** Under Patroni a slot is named after the pod. */
    private static List<String> slots(Installation installation) {
        List<String> slots = new ArrayList<>();
        installation.members().forEach(member -> slots.add(member.instance().replace('-', '_') + "(_0)?"));
        if (installation.archivesWal()) {
            slots.add(ReplicationSlot.WAL_ARCHIVER.name());
        }
        return slots;
    }

    private static String any(List<Member> members, Function<Member, String> name) {
        return members.stream().map(name).collect(Collectors.joining("|"));
    }

    /** The text with every name replaced; one that has no value fails the build. */
    String fill(String text) {
        return NAME.matcher(text).replaceAll(match -> {
            String value = values.get(match.group(1));
            if (value == null) {
                throw new IllegalStateException("no value for " + match.group() + " in: " + text);
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
