import type { RestartReport, RestartTarget } from '../../domain/cycle/restart-target.js';
import type { StartMemory } from '../start/start-memory.js';
import type { Systemctl } from '../systemd/systemctl.js';

/** What the strategies work with. */
export interface RestartContext {
  readonly signal: AbortSignal;
  /** Absent: there is no systemd here. */
  readonly systemctl: Systemctl | undefined;
  readonly memory: StartMemory;
}

/** One way to restart a process. Throws RestartError. */
export type Strategy = (target: RestartTarget, context: RestartContext) => Promise<RestartReport>;
