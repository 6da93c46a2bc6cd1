package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobTemplateSpecBuilder;
import io.github.postgresqlha.installation.Installation;

/**
 * A CronJob whose jobs run one script.
 *
 * @param schedule in cron's five fields, in UTC
 * @param deadlineSeconds how long one run may take
 * @param retries how often a failed run is tried again at once
 */
public record ScriptCronJob(String name, JobPod pod, String schedule, long deadlineSeconds, int retries) {

    /** A run that could not start for this long is left out: the next one is worth more. */
    private static final long STARTING_DEADLINE_SECONDS = 300L;

    private static final int HISTORY_LIMIT = 3;

    /** The object. */
    public CronJob object() {
        return new CronJobBuilder()
                .withMetadata(pod.installation().metadata(name, pod.component()))
                .withNewSpec()
                .withSchedule(schedule)
                .withTimeZone("Etc/UTC")
                .withConcurrencyPolicy("Forbid")
                .withStartingDeadlineSeconds(STARTING_DEADLINE_SECONDS)
                .withSuccessfulJobsHistoryLimit(HISTORY_LIMIT)
                .withFailedJobsHistoryLimit(HISTORY_LIMIT)
                .withJobTemplate(jobTemplate())
                .endSpec()
                .build();
    }

    private JobTemplateSpec jobTemplate() {
        Installation installation = pod.installation();
        return new JobTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(installation.labels().of(pod.component()))
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(retries)
                .withActiveDeadlineSeconds(deadlineSeconds)
                .withTemplate(pod.template("Never"))
                .endSpec()
                .build();
    }
}
