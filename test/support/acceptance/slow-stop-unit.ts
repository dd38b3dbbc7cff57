/**
 * A unit that takes this long to stop. It counts as started when its trap is set: a SIGTERM that comes before would end
 * it at once.
 */
export function slowStopUnit(name: string, stopS: number): string {
  const ready = `/run/${name}.ready`;
  return [
    '[Service]',
    `ExecStartPre=/bin/rm -f ${ready}`,
    `ExecStart=/bin/sh -c 'trap "sleep ${stopS}; exit 0" TERM; touch ${ready}; while :; do sleep 0.1; done'`,
    `ExecStartPost=/bin/sh -c 'until test -e ${ready}; do sleep 0.05; done'`,
    '',
  ].join('\n');
}
