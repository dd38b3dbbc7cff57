/**
 * The folder for files that systemd reads. Not /tmp, because systemd does not see the private /tmp that our unit may
 * have.
 */
export function runtimeDirectory(): string {
  return process.env.RUNTIME_DIRECTORY?.split(':')[0] ?? '/run';
}
