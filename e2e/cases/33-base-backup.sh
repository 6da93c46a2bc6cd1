# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run; commands expand later
# a base backup from the standby, its proof, and the archive that leads on from it

backups=/var/lib/postgresql/backups
again_base() { k delete job manual-base && k create job --from=cronjob/postgresql-base-backup manual-base && k wait job/manual-base --for=condition=Complete --timeout=300s; }
bases() { k exec "${primary}" -- sh -c "ls ${backups}/base | wc -l"; }
archived() { k exec "${primary}" -- sh -c "ls ${backups}/wal/$1.gz"; }

check "the first backup took a base backup" eventually 60 k exec "${primary}" -- sh -c "ls -d ${backups}/base/postgresql_base_*"
k delete job manual-base --ignore-not-found >/dev/null
documented 'kubectl create job --from=cronjob/postgresql-base-backup manual-base -n airflow' 'created'
check "the base backup completes" k wait job/manual-base --for=condition=Complete --timeout=300s
documented_log again_base 'kubectl logs job/manual-base -n airflow' 'base backup complete: postgresql_base_[0-9]{8}_[0-9]{6} of postgresql-standby'
documented 'kubectl exec -n airflow postgresql-primary-0 -- ls /var/lib/postgresql/backups/base' 'postgresql_base_[0-9]{8}_[0-9]{6}'
check "two are kept" is 2 bases

# A segment in which nothing is written yet cannot be ended.
segment=$(sql "${primary}" "SELECT pg_walfile_name(pg_create_restore_point('e2e'))")
sql "${primary}" 'SELECT pg_switch_wal()' >/dev/null
check "a segment that ended is in the archive" eventually 30 archived "${segment}"
documented 'kubectl exec -n airflow postgresql-primary-0 -- /scripts/verify-backup.sh --base' 'is good, and so are the [0-9]+ WAL segments'
documented 'kubectl exec -n airflow postgresql-primary-0 -- /scripts/verify-backup.sh --all' 'is good'

newest=$(k exec "${primary}" -- sh -c "ls ${backups}/base | tail -n 1")
in_backups "cd base/${newest} && cp base.tar.gz /tmp/whole && printf x | dd of=base.tar.gz bs=1 seek=100 conv=notrunc status=none"
check "a damaged base backup is named" refuses 'does not match its checksums: base.tar.gz' k exec "${primary}" -- /scripts/verify-backup.sh --base
in_backups "cp /tmp/whole base/${newest}/base.tar.gz && rm /tmp/whole"
check "and is good again" k exec "${primary}" -- /scripts/verify-backup.sh --base
