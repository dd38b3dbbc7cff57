import type { Counter, Registry } from 'prom-client';
import type { StreamSignal } from '../../domain/alarm/binlog-signal.js';
import { addGauge, createCounter } from './create-metric.js';

/** Counts losses and reconnects of the binlog stream. Whether it is up is read at each collection. */
export class StreamMetrics {
  readonly #reconnects: Counter;
  readonly #losses: Counter;
  #hasBeenUp = false;
  #lastEventAt: number | undefined;

  constructor(
    registry: Registry,
    private readonly now: () => number,
  ) {
    this.#reconnects = createCounter(registry, 'monitor_service_stream_reconnects_total');
    this.#losses = createCounter(registry, 'monitor_service_stream_failures_total');
    addGauge(registry, 'monitor_service_stream_last_event_timestamp_seconds', () =>
      this.#lastEventAt === undefined ? undefined : this.#lastEventAt / 1000,
    );
  }

  onSignal(signal: StreamSignal): void {
    if (signal.kind === 'streaming') {
      if (this.#hasBeenUp) this.#reconnects.inc();
      this.#hasBeenUp = true;
    } else if (signal.kind === 'lost') this.#losses.inc();
    else if (signal.kind !== 'hidden' || signal.namesTable) this.#lastEventAt = this.now();
  }
}
