package io.github.postgresqlha.installation;

/**
 * The names of all objects of one installation, derived from two: they are contract, people and scripts type them.
 *
 * @param namespace where everything lives
 * @param name the installation's name, and the prefix of every other
 */
public record ObjectNames(String namespace, String name) {

    public String primary() {
        return name + "-primary";
    }

    public String standby() {
        return name + "-standby";
    }

    /** A further standby: the first one has no number. */
    public String standby(int ordinal) {
        return ordinal == 1 ? standby() : standby() + "-" + ordinal;
    }

    /** What Patroni calls the installation; the ConfigMaps of its state begin with it. */
    public String patroniScope() {
        return name + "-patroni";
    }

    /** The headless Service that gives each instance's pod its DNS name. */
    public String peers() {
        return name + "-peers";
    }

    public String config() {
        return name + "-config";
    }

    /** The ConfigMap of one folder of the scripts; of those at the top where it is empty. */
    public String scripts(String folder) {
        return folder.isEmpty() ? name + "-scripts" : name + "-scripts-" + folder;
    }

    public String secret() {
        return name + "-secret";
    }

    /** The CronJob of the dumps, and the claim that holds them. */
    public String backup() {
        return name + "-backup";
    }

    public String baseBackup() {
        return name + "-base-backup";
    }

    public String walArchiver() {
        return name + "-wal-archiver";
    }

    public String healthCheck() {
        return name + "-health-check";
    }

    public String restoreTest() {
        return name + "-restore-test";
    }

    /** The CronJob of the copy outside of the cluster, and its policy. */
    public String offsite() {
        return name + "-offsite";
    }

    public String offsiteFetch() {
        return name + "-offsite-fetch";
    }

    public String instanceServiceAccount() {
        return name + "-instance";
    }

    public String jobsServiceAccount() {
        return name + "-jobs";
    }

    public String operatorRole() {
        return name + "-operator";
    }

    public String viewerRole() {
        return name + "-viewer";
    }

    /** The label that lets a pod of another product connect. */
    public String clientLabel() {
        return name + "-client";
    }

    /** The name of one of the manifest files, which is also its construct's id. */
    public String manifest(String part) {
        return name + "-" + part;
    }
}
