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
            "PersistentVolumeClaim spec\\.(storageClassName|resources\\..*)",
            "CronJob spec\\.(\\w+HistoryLimit|startingDeadlineSeconds)",
            "CronJob spec\\.jobTemplate\\.spec\\.(activeDeadlineSeconds|backoffLimit)"));

    /** What would break it. The product's containers are those that were there before. */
    private static final Pattern FORBIDDEN = Pattern.compile(String.join(
            "|",
            "(StatefulSet|Deployment) spec\\.replicas",
            "StatefulSet spec\\.(ordinals|volumeClaimTemplates|updateStrategy\\..*)",
            "CronJob spec\\.jobTemplate\\.spec\\.(parallelism|completions|completionMode)",
            "Service spec\\.publishNotReadyAddresses",
            "\\w+ .*\\[[^]]* again]",
            "\\w+ spec\\.(selector|podSelector)\\..*",
            "\\w+ .*\\.spec\\.(hostNetwork|hostPID|hostIPC|hostname|setHostnameAsFQDN|subdomain|dnsPolicy)",
            "\\w+ .*\\.spec\\.(restartPolicy|activeDeadlineSeconds|shareProcessNamespace)",
            "\\w+ .*ontainers\\[[^]]*]\\.(args|lifecycle|workingDir|envFrom|securityContext\\..*)",
            "\\w+ .*\\.volumeMounts\\[[^]]*]\\..*",
            "\\w+ .*\\.volumes\\[[^]]*]\\.(?!emptyDir\\.sizeLimit$).*",
            "\\w+ (.*\\.)?metadata\\.(labels|annotations)\\.postgresqlha\\.github\\.io/.*",
            "(ConfigMap|Secret) immutable",
            "Secret (data|stringData)\\..*"));

    private record Reason(Pattern path, String text) {

        static Reason of(String path, String text) {
            return new Reason(Pattern.compile(path), text);
        }
    }

    /** The first that fits is told. */
    private static final List<Reason> REASONS = List.of(
            Reason.of(" again]", "the pod has one of that name"),
            Reason.of("postgresqlha\\.github\\.io/", "keys below postgresqlha.github.io/ are the product's own"),
            Reason.of(
                    "^PersistentVolumeClaim .*elector",
                    "no StorageClass makes a volume for a claim with one; choose storageClassName"),
            Reason.of("elector", "Services, policies and workloads find the pods by it"),
            Reason.of(
                    "securityContext", "the data belong to user 999, and Pod Security restricted admits nothing else"),
            Reason.of("\\.(command|args|lifecycle|workingDir)", "it is how the product's programs start and stop"),
            Reason.of("ordinals", "members and procedures know the pod by its number 0"),
            Reason.of("volumeClaimTemplates", "each member has claims of its own, which outlive the StatefulSet"),
            Reason.of("updateStrategy", "a new configuration is there when Kubernetes replaces a pod by itself"),
            Reason.of("publishNotReadyAddresses", "it would lead clients to members that do not serve"),
            Reason.of("parallelism|completion", "there is one pod of a job at a time: two would write one backup"),
            Reason.of("shareProcessNamespace", "the product's program is process 1 of its container"),
            Reason.of(
                    "\\.(hostname|setHostnameAsFQDN|subdomain|dnsPolicy)$",
                    "other members know it by the name that the StatefulSet gives"),
            Reason.of("immutable", "the product itself cannot change it any more"),
            Reason.of("volume", "the product's programs read and write there"),
            Reason.of("\\.envFrom", "the product's programs read variables, and its names are not known here"),
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

    static String reason(String kind, String path) {
        return REASONS.stream()
                .filter(reason -> reason.path().matcher(kind + " " + path).find())
                .map(Reason::text)
                .findFirst()
                .orElse("the product depends on it");
    }
}
