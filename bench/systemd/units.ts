/** The text of a unit that says `started NAME` with its first instruction. */
export function simpleUnit(): string {
  return unit('Type=simple', "ExecStart=/bin/sh -c 'SAY(started %N); exec sleep infinity'");
}

/** The same; it counts as started when it says so itself. */
export function notifyUnit(): string {
  return unit(
    'Type=notify',
    'NotifyAccess=all',
    "ExecStart=/bin/sh -c 'SAY(started %N); systemd-notify --ready; exec sleep infinity'",
  );
}

/** `PREFIX-1`, `PREFIX-2`, … */
export function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
}

function unit(...service: readonly string[]): string {
  // They are restarted more often than a daemon that fails.
  return ['[Unit]', 'StartLimitIntervalSec=0', '[Service]', ...service].join('\n');
}
