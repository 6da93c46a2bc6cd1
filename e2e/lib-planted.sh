# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# What somebody with the application's password leaves in its database, and whether it got him anything. Sourced by the cases of restores.

mark=/tmp/planted_mark

plant() { kubectl exec -i -n "${namespace}" "${primary}" -c postgresql -- psql -XqAt -v ON_ERROR_STOP=1 -v mark="${mark}" -U airflow -d airflow -f - <"${root}/e2e/planted.sql"; }

# Roles with their passwords, and who is a member of whom.
roles_and_members() {
  sql "${primary}" "SELECT md5(string_agg(a::text, ' ' ORDER BY rolname)) FROM pg_authid a" &&
    sql "${primary}" "SELECT md5(string_agg(concat_ws(' ', roleid, member, admin_option), ',' ORDER BY roleid, member)) FROM pg_auth_members"
}

nothing_was_run() { k exec "${primary}" -c postgresql -- test ! -e "${mark}" && in_backups "test ! -e ${mark}"; }

# Whoever speaks with the database after that would meet what was set for it.
reset_planted() { for statement in 'ALTER ROLE airflow RESET ALL' 'ALTER DATABASE airflow RESET ALL'; do sql "${primary}" "${statement}" >/dev/null; done; }
