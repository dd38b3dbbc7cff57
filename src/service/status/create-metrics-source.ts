import { reportMaintenance } from '../../domain/cycle/maintenance-report.js';
import type { RestartSlots } from '../../operators/restart-slots.js';
import type { WaitsInOrder } from '../../streams/waits-in-order.js';
import type { MetricsSource } from '../../telemetry/metrics/metrics-source.js';
import type { StreamState } from '../binlog/stream-state.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { LiveDatabase } from '../table/live-database.js';
import type { TableState } from '../table/table-state.js';

interface MetricsSourceOptions {
  readonly settings: LiveConfig;
  readonly database: Pick<LiveDatabase, 'facts'>;
  readonly stream: StreamState;
  readonly table: TableState;
  readonly state: PersistentState;
  readonly slots: RestartSlots;
  readonly order: WaitsInOrder;
}

/** Gives the metrics their current values. Never asks the database. */
export function createMetricsSource(options: MetricsSourceOptions): MetricsSource {
  const { settings, database, stream, table, state, slots, order } = options;
  const { names } = table;
  const isKnown = (): boolean => table.standingAlarms !== undefined;
  return {
    isStreaming: () => (settings.current.binlog.enabled ? stream.isStreaming : undefined),
    streamLagMs: () => stream.lagMs,
    relay: () => stream.facts.relay?.server,
    server: () => database.facts?.server,
    isTableReadable: () =>
      isKnown() || table.problem !== undefined ? table.problem === undefined : undefined,
    standingAlarms: () => table.standingAlarms,
    standing: () =>
      isKnown()
        ? table.list().map(({ processId, since }) => ({ processName: names.nameOf(processId), since }))
        : undefined,
    breakers: () =>
      [...state.breakers.snapshot()].map(([processId, breaker]) => ({
        processName: names.nameOf(processId),
        breaker,
      })),
    pendingClears: () => state.pendingClears,
    cycles: () => ({ running: slots.begun, waiting: slots.waiting, waitingForOthers: order.waiting }),
    pauses: () => state.pauses.snapshot().length,
    maintenance: () => {
      const { maintenance } = state.pauses;
      const reports = reportMaintenance(
        settings.current.maintenance,
        maintenance.running(),
        maintenance.next(),
      );
      return reports.map(({ name, running, next }) => ({
        name,
        isRunning: running !== undefined,
        ...(next && { nextAt: next.since }),
      }));
    },
  };
}
