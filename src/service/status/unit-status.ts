import type { SystemdNotifier } from '../../telemetry/systemd/systemd-notifier.js';
import type { StreamState } from '../binlog/stream-state.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import type { ReloadQueue } from '../shared/reload-queue.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { TableState } from '../table/table-state.js';
import { describeStatus } from './status-line.js';

interface UnitStatusOptions {
  readonly notifier: SystemdNotifier;
  readonly settings: LiveConfig;
  readonly stream: StreamState;
  readonly table: TableState;
  readonly state: PersistentState;
  readonly reloads: ReloadQueue;
}

/** Sends systemd the line that `systemctl status` shows, after each event that may change it. */
export function createUnitStatus(options: UnitStatusOptions): ServiceObserver {
  const { notifier, settings, stream, table, state, reloads } = options;
  const tell = (): void => {
    const { binlog, monitor } = settings.current;
    notifier.status(
      describeStatus({
        refusedConfig: reloads.refused,
        isStreaming: stream.isStreaming,
        isBinlogEnabled: binlog.enabled,
        streamProblem: stream.reason,
        fallbackIntervalMs: monitor.fallbackIntervalMs,
        tableProblem: table.problem,
        standingAlarms: table.standingAlarms,
        openBreakers: state.breakers.open().map((processId) => table.names.nameOf(processId)),
      }),
    );
  };
  return { onEvent: tell, onSignal: tell, onReading: tell, onReload: tell };
}
