package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;

/** A pod that runs one script and ends: what a {@link ScriptCronJob} starts. */
public interface JobPod {

    /** Whose it is. */
    Installation installation();

    /** What it is; also its container's name. */
    Component component();

    /** The template of its workload. */
    PodTemplateSpec template(String restartPolicy);
}
