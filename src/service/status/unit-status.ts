import type { Config } from '../../config/config.js';
import type { Breakers } from '../../state/breakers.js';
import type { SystemdNotifier } from '../../telemetry/systemd/systemd-notifier.js';
import type { ProcessNames } from '../table/process-names.js';
import type { TableState } from '../table/table-state.js';
import { describeStatus } from './status-line.js';

export interface UnitStatusOptions {
  readonly notifier: SystemdNotifier;
  readonly config: () => Config;
  readonly isStreaming: () => boolean;
  readonly streamProblem: () => string | undefined;
  readonly tableState: TableState;
  readonly breakers: Breakers;
  readonly names: ProcessNames;
}

/** Tells systemd the line that `systemctl status` shows. */
export function notifySystemdStatus(options: UnitStatusOptions): void {
  const { binlog, monitor } = options.config();
  const { tableState, breakers, names } = options;
  options.notifier.status(
    describeStatus({
      isStreaming: options.isStreaming(),
      isBinlogEnabled: binlog.enabled,
      streamProblem: options.streamProblem(),
      fallbackIntervalMs: monitor.fallbackIntervalMs,
      tableProblem: tableState.problem,
      standingAlarms: tableState.standingAlarms,
      openCircuits: breakers.open().map((processId) => names.nameOf(processId)),
    }),
  );
}
