import { execFile } from 'node:child_process';

/** Long enough for a busy systemd, short enough for the next ping to be in time. */
const DEADLINE_MS = 10_000;

/**
 * Sends one message of sd_notify(3) with systemd-notify, because Node has no Unix datagram sockets. systemd accepts it
 * from a child of the service only with NotifyAccess=all. Since 246 the child waits until the message has been
 * received. Rejects if the child cannot be run or fails. Not by execa: every service under systemd would have its 10 MB
 * in memory.
 */
export function notifySystemd(socket: string, lines: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      'systemd-notify',
      [...lines],
      {
        env: { PATH: process.env.PATH ?? '/usr/bin:/bin', NOTIFY_SOCKET: socket },
        timeout: DEADLINE_MS,
        killSignal: 'SIGKILL',
      },
      (error, _stdout, stderr) => {
        if (!error) resolve();
        else reject(new Error(`systemd-notify: ${stderr.trim() || error.message}`));
      },
    );
  });
}
