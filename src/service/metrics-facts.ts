import type { Config } from '../config/config.js';
import type { KeyedSemaphore } from '../operators/limit-concurrency.js';
import type { Breakers } from '../state/breakers.js';
import type { Pauses } from '../state/pauses.js';
import type { StateStore } from '../state/state-store.js';
import type { MetricsSource } from '../telemetry/metrics/metrics-source.js';
import type { ProcessNames } from './table/process-names.js';
import type { TableState } from './table/table-state.js';

export interface MetricsParts {
  readonly config: () => Config;
  readonly isStreaming: () => boolean;
  readonly streamLagMs: () => number | undefined;
  readonly tableState: TableState;
  readonly breakers: Breakers;
  readonly pauses: Pauses;
  readonly store: StateStore;
  readonly names: ProcessNames;
  readonly places: KeyedSemaphore;
}

/** What is known when somebody reads the metrics. Nothing is asked of the database for it. */
export function createMetricsSource(parts: MetricsParts): MetricsSource {
  const { config, isStreaming, streamLagMs, tableState, breakers, pauses, store, names, places } = parts;
  const isKnown = (): boolean => tableState.standingAlarms !== undefined;
  return {
    isStreaming: () => (config().binlog.enabled ? isStreaming() : undefined),
    streamLagMs,
    isTableReadable: () =>
      isKnown() || tableState.problem !== undefined ? tableState.problem === undefined : undefined,
    standing: () =>
      isKnown()
        ? tableState.list().map(({ processId, since }) => ({ processName: names.nameOf(processId), since }))
        : undefined,
    breakers: () =>
      [...breakers.snapshot()].map(([processId, breaker]) => ({
        processName: names.nameOf(processId),
        breaker,
      })),
    pendingClears: () => store.pendingClears,
    cycles: () => ({ running: places.held, waiting: places.waiting }),
    pauses: () => pauses.snapshot().length,
  };
}
