/**
 * A unit that, told to stop, runs this shell command first. It counts as started when its trap is set: a SIGTERM that
 * comes before would end it at once.
 */
export function slowStopUnit(name: string, beforeItEnds: string): string {
  const ready = `/run/${name}.ready`;
  return [
    '[Service]',
    `ExecStartPre=/bin/rm -f ${ready}`,
    `ExecStart=/bin/sh -c 'trap "${beforeItEnds}; exit 0" TERM; touch ${ready}; while :; do sleep 0.1; done'`,
    `ExecStartPost=/bin/sh -c 'until test -e ${ready}; do sleep 0.05; done'`,
    '',
  ].join('\n');
}
