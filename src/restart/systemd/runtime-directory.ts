/** For files that systemd is to read. Not /tmp: systemd does not see the private one that our unit may have. */
export function runtimeDirectory(): string {
  return process.env.RUNTIME_DIRECTORY?.split(':')[0] ?? '/run';
}
