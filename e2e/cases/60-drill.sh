# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# failover-test.sh: measures, prints, and leaves both members healthy

documented 'kubectl exec -n airflow postgresql-primary-0 -- /scripts/failover-test.sh' '[0-9]+ rows acknowledged, 0 lost'
grep -E 'failover|hand-back|rows' "${scratch}/output" | sed 's/^/       /'
check "both are healthy, in their own roles" eventually 30 healthy "${primary}"
check "on the standby it is refused" refuses 'this is not the primary' k exec "${standby}" -- /scripts/failover-test.sh
check "the members are healthy after that, too" eventually 30 healthy "${primary}"
