package io.github.postgresqlha.installation;

/**
 * The names of all objects of one installation, derived from two: they are contract, people and scripts type them.
 *
 * @param namespace where everything lives
 * @param name the installation's name, and the prefix of every other
 */
public record ObjectNames(String namespace, String name) {

    /** The StatefulSet of the instance named primary, and the Service of its clients. */
    public String primary() {
        return name + "-primary";
    }

    /** The StatefulSet of the first standby, and the Service of the clients of all of them. */
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

    /** The ConfigMap of PostgreSQL's configuration. */
    public String config() {
        return name + "-config";
    }

    /** The ConfigMap of one folder of the scripts; of those at the top where it is empty. */
    public String scripts(String folder) {
        return folder.isEmpty() ? name + "-scripts" : name + "-scripts-" + folder;
    }

    /** The Secret of the passwords, unless the specification names another. */
    public String secret() {
        return name + "-secret";
    }

    /** The Secret of the members' certificate, unless the specification names another; cert-manager's Certificate for it. */
    public String tls() {
        return name + "-tls";
    }

    /** The ConfigMap of the authority that signed it, for clients; cert-manager's Issuer, Certificate and Secret of it. */
    public String ca() {
        return name + "-ca";
    }

    /** The Secret of the authority's key, where {@code --ca-in-cluster} was asked for. */
    public String caKey() {
        return name + "-ca-key";
    }

    /** cert-manager's Issuer that signs an authority of the installation's own. */
    public String selfSigned() {
        return name + "-self-signed";
    }

    /** The CronJob of the dumps, and the claim that holds them. */
    public String backup() {
        return name + "-backup";
    }

    /** The CronJob of the base backups. */
    public String baseBackup() {
        return name + "-base-backup";
    }

    /** The Deployment that archives WAL. */
    public String walArchiver() {
        return name + "-wal-archiver";
    }

    /** The CronJob of the health check. */
    public String healthCheck() {
        return name + "-health-check";
    }

    /** The CronJob of the restore test. */
    public String restoreTest() {
        return name + "-restore-test";
    }

    /** The CronJob of the copy outside of the cluster, and its policy. */
    public String offsite() {
        return name + "-offsite";
    }

    /** The CronJob that fetches from the copy outside of the cluster. */
    public String offsiteFetch() {
        return name + "-offsite-fetch";
    }

    /** The Deployment of the pooler, its configuration, its budget, and the Service of its clients. */
    public String pooler() {
        return name + "-pooler";
    }

    /** The Service of the pooler's clients that only read. */
    public String poolerRead() {
        return name + "-pooler-read";
    }

    /** The ServiceAccount of the members' pods. */
    public String instanceServiceAccount() {
        return name + "-instance";
    }

    /** The ServiceAccount of the archiver and of all jobs. */
    public String jobsServiceAccount() {
        return name + "-jobs";
    }

    /** The Role of those who run Jobs, change workloads and volumes. */
    public String maintainerRole() {
        return name + "-maintainer";
    }

    /** The Role of those who operate it. */
    public String operatorRole() {
        return name + "-operator";
    }

    /** The Role of those who look only. */
    public String viewerRole() {
        return name + "-viewer";
    }

    /** The Secret of the URLs by which Airflow connects. */
    public String airflow() {
        return name + "-airflow";
    }

    /** The ConfigMap of Airflow's variables. */
    public String airflowEnvironment() {
        return airflow() + "-environment";
    }

    /** The ConfigMap of {@code airflow_local_settings.py}. */
    public String airflowSettings() {
        return airflow() + "-settings";
    }

    /** The suspended CronJob of Airflow's migrations. */
    public String airflowMigrate() {
        return airflow() + "-migrate";
    }

    /** The ConfigMap of what the exporters run, and the PodMonitor that finds them. */
    public String metrics() {
        return name + "-metrics";
    }

    /** The PrometheusRule. */
    public String alerts() {
        return name + "-alerts";
    }

    /** The ConfigMap of Grafana's dashboard. */
    public String dashboard() {
        return name + "-dashboard";
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
