import type { BehaviorSubject, Subject } from 'rxjs';
import type { Config } from '../config/config.js';
import type { KeyedSemaphore } from '../operators/limit-concurrency.js';
import type { RunCommand } from '../restart/commands/run-command.js';
import type { LogHandle } from '../telemetry/log/log.js';
import type { SystemdNotifier } from '../telemetry/systemd/systemd-notifier.js';
import type { RunningCommands } from './alarms/running-commands.js';
import type { PersistentState } from './state/persistent-state.js';
import type { DataSource } from './table/data-source.js';
import type { ProcessNames } from './table/process-names.js';
import type { TableState } from './table/table-state.js';

/** What the parts of one running service share. */
export interface ServiceParts extends PersistentState {
  readonly log: LogHandle;
  readonly notifier: SystemdNotifier;
  readonly configs: BehaviorSubject<Config>;
  /** Both are asked for each time: a reload may change them. */
  readonly config: () => Config;
  readonly dataSource: () => DataSource;
  readonly streaming: BehaviorSubject<boolean>;
  readonly isStreaming: () => boolean;
  /** Whether the service clears what it has answered. */
  readonly acknowledges: () => boolean;
  readonly names: ProcessNames;
  readonly tableState: TableState;
  readonly places: KeyedSemaphore;
  readonly running: RunningCommands;
  /** Runs one command to its end. */
  readonly run: RunCommand;
  /** Told when no new cycle may begin. */
  readonly stopping: Subject<void>;
}
