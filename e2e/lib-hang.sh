# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# A Patroni of which only the loop hangs. Sourced by cases of automatic mode after lib-faults.sh.

# The first thread is Patroni's loop, and the others answer; who traces a thread can stop it alone. Needs root on the machine of
# the nodes. Usage: hang_loop POD SECONDS
hang_loop() {
  local uid pid
  uid=$(k get pod "$1" -o 'jsonpath={.metadata.uid}')
  for pid in /proc/[0-9]*; do
    grep -qs "${uid//-/[-_]}" "${pid}/cgroup" || continue
    [[ "$(tr '\0' ' ' <"${pid}/cmdline")" == *patroni/bin/python*patroni\ /* ]] || continue
    python3 - "${pid#/proc/}" "$2" <<'PYTHON'
import ctypes, os, sys, time
library = ctypes.CDLL(None, use_errno=True)
thread = int(sys.argv[1])
for _ in range(50):  # never while it holds the interpreter's lock: then all threads would hang
    time.sleep(0.1)
    if open(f"/proc/{thread}/stat").read().rsplit(") ")[1][0] == "S":
        break
if library.ptrace(16, thread, None, None) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
os.waitpid(thread, 0x40000000)
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:  # whoever traces a thread that was killed has to take note, or its container never ends
    time.sleep(0.1)
    if os.waitpid(thread, 0x40000000 | os.WNOHANG)[0]:
        break
PYTHON
    return
  done
  return 1
}
