# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: loss of the standby's node and of the primary's node, and their return
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"

not_ready() { [[ "$(kubectl get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" != True ]]; }

if [[ ! -x "${root}/../shared/cluster/node" ]]; then
  printf 'left out: it needs the test cluster\n'
else
  standby_node=$(node_of "${standby}") primary_node=$(node_of "${primary}")
  start_counting "${primary_node}"
  power kill "${standby_node}"
  sleep 10
  check "without the standby's node the primary goes on" writes_go_on
  power start "${standby_node}"
  holds_after "the loss of the standby's node" 180

  # DNS may have been on the lost node: nothing here asks for a name.
  app_sql "${primary}" 'DROP TABLE IF EXISTS e2e_nodes; CREATE TABLE e2e_nodes AS SELECT generate_series(1, 100) AS id' >/dev/null
  eventually 20 is 100 app_sql "${standby}" 'SELECT count(*) FROM e2e_nodes'
  power kill "${primary_node}"
  check "the node is seen to be lost" eventually 120 not_ready "${primary_node}"
  check "a failover asks for the word that the node is off" refuses 'node-is-off' "${dist}/failover.sh" --yes
  check "failover.sh with that word" "${dist}/failover.sh" --yes --node-is-off
  check "the standby is primary" eventually 20 is f in_recovery "${standby}"
  check "with every row" is 100 app_sql "${standby}" 'SELECT count(*) FROM e2e_nodes'
  check "it accepts writes" app_sql "${standby}" 'INSERT INTO e2e_nodes VALUES (101)'
  power start "${primary_node}"
  check "the node is back, and the old primary a standby" eventually 240 healthy "${standby}"
  check "with the row that was written meanwhile" eventually 20 is 101 app_sql "${primary}" 'SELECT count(*) FROM e2e_nodes'
  check "back by a switchover" eventually 60 "${dist}/switchover.sh" --yes
  check "the roles are back" eventually 30 healthy "${primary}"
fi
