import { RestartError, type RestartReport, type RestartTarget } from '../../domain/cycle/restart-target.js';
import type { StartMemory } from '../start/start-memory.js';
import type { SharedRestarts, UnfinishedRestarts } from '../systemd/restart-unit.js';
import type { SystemdClient } from '../systemd/systemd-client.js';
import type { SecondInstanceWatch } from './second-instance-watch.js';

/**
 * Waits while the restart runs nothing, so that another one may run meanwhile (R8). Rejects if the restart must be
 * given up.
 */
export type WhileIdle = <T>(waiting: Promise<T>) => Promise<T>;

/** What every strategy needs. */
export interface RestartContext {
  readonly signal: AbortSignal;
  /** Called when the restart has begun: systemd has the job, or the first process is being stopped. */
  readonly onBegun: () => void;
  readonly whileIdle: WhileIdle;
  /** Undefined if this host has no systemd. */
  readonly systemd: SystemdClient | undefined;
  readonly memory: StartMemory;
  readonly watch: SecondInstanceWatch;
  readonly unfinished: UnfinishedRestarts;
  readonly shared: SharedRestarts;
  /** A restart of the same unit for another target that was begun after this time counts; ms since the boot. */
  readonly since: number;
}

/** One way to restart a process. Throws RestartError. */
export type Strategy = (target: RestartTarget, context: RestartContext) => Promise<RestartReport>;

/** Strategy `service` is impossible on this host. */
export function noSystemdError(): RestartError {
  return new RestartError('strategy service: systemd is not running here', false, {
    remedy: 'set restart_strategy to process, or to custom with a restart_command',
  });
}

/** Strategy `custom` has nothing to run. */
export function noRestartCommandError(): RestartError {
  return new RestartError('strategy custom has no restart_command', false, { remedy: 'set restart_command' });
}
