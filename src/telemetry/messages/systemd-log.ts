import type { Log } from '../log/log.js';

/** Once each time that the way to systemd changes. */
export function logBusState(log: Log, away: Error | undefined): void {
  if (away === undefined) {
    log.info('monitor_service', 'systemd is reached over D-Bus again');
  } else {
    log.warn('monitor_service', `${away.message}; until it is back systemctl is run instead`);
  }
}

/** A command that must run all the same. */
export function logNoUnit(log: Log, process: string, step: string, why: string): void {
  log.warn(
    process,
    `the ${step} command gets no unit of its own (${why}) and runs within this service: what it leaves behind ends ` +
      'with the service',
  );
}
