import type { Config } from '../config/config.js';
import type { Places } from '../operators/limit-concurrency.js';
import type { Circuits } from '../state/breakers.js';
import type { Pauses } from '../state/pauses.js';
import type { StateKeeper } from '../state/state-store.js';
import type { MetricsFacts } from '../telemetry/metrics/metrics-source.js';
import type { ProcessNames } from './table/process-names.js';
import type { TableWatch } from './table/table-state.js';

export interface MetricsParts {
  readonly config: () => Config;
  readonly isStreaming: () => boolean;
  readonly streamLagMs: () => number | undefined;
  readonly tableWatch: TableWatch;
  readonly circuits: Circuits;
  readonly pauses: Pauses;
  readonly keeper: StateKeeper;
  readonly names: ProcessNames;
  readonly places: Places;
}

/** What is known when somebody reads the metrics. Nothing is asked of the database for it. */
export function createMetricsFacts(parts: MetricsParts): MetricsFacts {
  const { config, isStreaming, streamLagMs, tableWatch, circuits, pauses, keeper, names, places } = parts;
  const isKnown = (): boolean => tableWatch.standingAlarms !== undefined;
  return {
    isStreaming: () => (config().binlog.enabled ? isStreaming() : undefined),
    streamLagMs,
    isTableReadable: () =>
      isKnown() || tableWatch.problem !== undefined ? tableWatch.problem === undefined : undefined,
    standing: () =>
      isKnown()
        ? tableWatch.list().map(({ processId, since }) => ({ processName: names.nameOf(processId), since }))
        : undefined,
    breakers: () =>
      [...circuits.snapshot()].map(([processId, circuit]) => ({
        processName: names.nameOf(processId),
        circuit,
      })),
    pendingClears: () => keeper.pendingClears,
    cycles: () => ({ running: places.held, waiting: places.waiting }),
    pauses: () => pauses.snapshot().length,
  };
}
