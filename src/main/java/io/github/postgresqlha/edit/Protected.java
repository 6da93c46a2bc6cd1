package io.github.postgresqlha.edit;

import java.util.List;
import java.util.regex.Pattern;

/** Which fields are free, which may not even be added, and why: by their paths, after the kind of their object. */
final class Protected {

    /** What the product has written and an edit may change or take away all the same. */
    private static final Pattern FREE = Pattern.compile(String.join(
            "|",
            "\\w+ .*ontainers\\[[^]]*]\\.resources(\\..*)?",
            "\\w+ .*ontainers\\[[^]]*]\\.imagePullPolicy",
            "\\w+ .*ontainers\\[[^]]*]\\.\\w+Probe\\.\\w+(Seconds|Threshold)",
            "\\w+ .*\\.spec\\.affinity\\.podAntiAffinity(\\..*)?",
            "\\w+ .*\\.spec\\.nodeSelector\\..*",
            "\\w+ .*\\.volumes\\[[^]]*]\\.emptyDir\\.sizeLimit",
            "Service spec\\.type",
            "StatefulSet spec\\.updateStrategy(\\..*)?",
            "PersistentVolumeClaim spec\\.(storageClassName|resources\\..*)",
            "CronJob spec\\.(\\w+HistoryLimit|startingDeadlineSeconds)",
            "CronJob spec\\.jobTemplate\\.spec\\.(activeDeadlineSeconds|backoffLimit)"));

    /** What would break it. The product's containers are those that were there before. */
    private static final Pattern FORBIDDEN = Pattern.compile(String.join(
            "|",
            "(StatefulSet|Deployment) spec\\.replicas",
            "\\w+ .*\\[[^]]* again]",
            "\\w+ spec\\.(selector|podSelector)\\..*",
            "\\w+ .*\\.spec\\.(hostNetwork|hostPID|hostIPC|hostname|subdomain|dnsPolicy|restartPolicy|activeDeadlineSeconds)",
            "\\w+ .*ontainers\\[[^]]*]\\.(args|lifecycle|workingDir|securityContext\\..*)",
            "Secret (data|stringData)\\..*"));

    private record Reason(Pattern path, String text) {

        static Reason of(String path, String text) {
            return new Reason(Pattern.compile(path), text);
        }
    }

    /** The first that fits is told. */
    private static final List<Reason> REASONS = List.of(
            Reason.of(" again]", "the pod has one of that name"),
            Reason.of("elector", "Services, policies and workloads find the pods by it"),
            Reason.of(
                    "securityContext", "the data belong to user 999, and Pod Security restricted admits nothing else"),
            Reason.of("\\.(command|args|lifecycle|workingDir)", "it is how the product's programs start and stop"),
            Reason.of("volume", "the product's programs read and write there"),
            Reason.of("\\.env", "the product's programs read it"),
            Reason.of("\\.image$", "the image is a key of the specification"),
            Reason.of("ontainers\\[[^]]*]$", "a part of the product runs in it"),
            Reason.of("replicas", "each member is one pod, and the procedures scale it"),
            Reason.of("labels", "Services, policies and tools find the objects by them"),
            Reason.of("annotations", "tools that prune or restart go by it"),
            Reason.of(
                    "(^|[ .])(data|stringData)",
                    "files and scripts come from the specification, and dist/ holds no password"),
            Reason.of("schedule", "it is a key of the specification, and the health check counts with it"));

    private Protected() {}

    static boolean isFree(String kind, String path) {
        return FREE.matcher(kind + " " + path).matches();
    }

    static boolean isForbidden(String kind, String path) {
        return FORBIDDEN.matcher(kind + " " + path).matches();
    }

    static String reason(String path) {
        return REASONS.stream()
                .filter(reason -> reason.path().matcher(path).find())
                .map(Reason::text)
                .findFirst()
                .orElse("the product depends on it");
    }
}
