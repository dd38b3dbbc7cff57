import type { BehaviorSubject, Subject } from 'rxjs';
import type { Config } from '../config/config.js';
import type { Places } from '../operators/limit-parallel.js';
import type { RunCommand } from '../restart/run-command.js';
import type { LogHandle } from '../telemetry/log.js';
import type { Notifier } from '../telemetry/systemd-notifier.js';
import type { DataSource } from './data-source.js';
import type { State } from './open-state.js';
import type { ProcessNames } from './process-names.js';
import type { RunningEffects } from './running-effects.js';
import type { TableWatch } from './table-watch.js';

/** What the parts of one running service share. */
export interface ServiceParts extends State {
  readonly log: LogHandle;
  readonly notifier: Notifier;
  readonly configs: BehaviorSubject<Config>;
  /** Both are asked for each time: a reload may change them. */
  readonly config: () => Config;
  readonly source: () => DataSource;
  readonly streaming: BehaviorSubject<boolean>;
  readonly isStreaming: () => boolean;
  /** Whether the service clears what it has answered. */
  readonly acknowledges: () => boolean;
  readonly names: ProcessNames;
  readonly tableWatch: TableWatch;
  readonly places: Places;
  readonly running: RunningEffects;
  /** Runs one command to its end. */
  readonly run: RunCommand;
  /** Told when no new cycle may begin. */
  readonly stopping: Subject<void>;
}
