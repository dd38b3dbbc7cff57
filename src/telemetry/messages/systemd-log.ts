import type { Log } from '../log/log.js';

/** Logs when D-Bus is lost (`away`) and when it is back. */
export function logBusState(log: Log, away: Error | undefined): void {
  if (away === undefined) {
    log.info('monitor_service', 'systemd is reached over D-Bus again');
  } else {
    log.warn('monitor_service', `${away.message}; using systemctl until it is back`);
  }
}

interface Leftover {
  readonly systemName: string;
  readonly step: string;
  readonly leftMs: number;
  /** Whether systemd has said that it runs. */
  readonly isSeen: boolean;
}

/** Logs that a command of an earlier run still runs. Nothing is done to its process meanwhile. */
export function logLeftoverRuns(log: Log, { systemName, step, leftMs, isSeen }: Leftover): void {
  const seconds = Math.ceil(leftMs / 1000);
  const runs = isSeen ? 'still runs' : 'may still run: systemd gives no answer';
  log.warn(
    systemName,
    `the ${step} command of an earlier run of the service ${runs}; it has ${seconds} s to end`,
  );
}

/** Logs that a command of an earlier run was still running and was ended. */
export function logLeftoverEnded(log: Log, process: string, step: string): void {
  log.warn(process, `the ${step} command of an earlier run of the service was still running, and was ended`);
}

/** Logs that a command could not get its own unit and runs inside the service. */
export function logNoUnit(log: Log, process: string, step: string, why: string): void {
  log.warn(
    process,
    `the ${step} command runs within this service, not in its own unit (${why}): processes that it leaves running end ` +
      'with the service',
  );
}
