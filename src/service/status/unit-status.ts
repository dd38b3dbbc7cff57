import type { Config } from '../../config/config.js';
import type { Circuits } from '../../state/breakers.js';
import type { Notifier } from '../../telemetry/systemd/systemd-notifier.js';
import type { ProcessNames } from '../table/process-names.js';
import type { TableWatch } from '../table/table-state.js';
import { describeStatus } from './status-line.js';

export interface UnitStatusOptions {
  readonly notifier: Notifier;
  readonly config: () => Config;
  readonly isStreaming: () => boolean;
  readonly streamProblem: () => string | undefined;
  readonly tableWatch: TableWatch;
  readonly circuits: Circuits;
  readonly names: ProcessNames;
}

/** Tells systemd the line that `systemctl status` shows. */
export function tellUnitStatus(options: UnitStatusOptions): void {
  const { binlog, monitor } = options.config();
  const { tableWatch, circuits, names } = options;
  options.notifier.status(
    describeStatus({
      isStreaming: options.isStreaming(),
      isBinlogEnabled: binlog.enabled,
      streamProblem: options.streamProblem(),
      fallbackIntervalMs: monitor.fallbackIntervalMs,
      tableProblem: tableWatch.problem,
      standingAlarms: tableWatch.standingAlarms,
      openCircuits: circuits.open().map((processId) => names.nameOf(processId)),
    }),
  );
}
