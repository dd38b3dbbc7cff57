import { TERM_GRACE_MS } from '../../commands/run-command.js';
import { BACKSTOP_MS } from '../command-unit.js';
import { RECORDS } from './command-records.js';

/**
 * What a waiting shell does when it reads the end of its FIFO, so when the service has ended in whatever way: it ends
 * the commands of the records some time after their deadline (R16). The unit of a command that was told to a waiting
 * shell has no RuntimeMaxSec, which is fixed before its command is known, and if the service never comes back nobody
 * else would end it. A next run of the service ends this shell when it starts, and watches the deadlines itself. A
 * record that is gone, or that has another deadline by then, belongs to a command that was watched. This is a trap,
 * which a shell that becomes a command loses, so it costs neither a process nor a step of the reaction.
 */
export function deadlineWatchdog(): string {
  const seconds = (ms: number): number => Math.ceil(ms / 1000);
  return `trap '
cd ${RECORDS} 2>/dev/null || exit 0
watch() {
  record=$(cat "$1") && read -r name step ends until <"$1" && read -r up rest </proc/uptime || return 0
  test -n "$until" || return 0
  left=$((until + ${seconds(BACKSTOP_MS)} - \${up%%.*}))
  test "$left" -le 0 || sleep "$left"
  test "$(cat "$1" 2>/dev/null)" = "$record" && systemctl is-active --quiet "$1" || return 0
  systemctl kill "$1"
  sleep ${seconds(TERM_GRACE_MS)}
  systemctl kill --signal=KILL "$1"
  systemctl reset-failed "$1"
  rm "$1" && echo "$name: the $step command of a run of the service that was killed was ended at its deadline"
} 2>/dev/null
for unit in process-monitor-*.service; do test -f "$unit" && watch "$unit" & done
wait' EXIT
`;
}
