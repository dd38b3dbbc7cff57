import { Counter, type Registry } from 'prom-client';
import type { StreamSignal } from '../../domain/alarm/binlog.js';
import { addGauge } from './add-gauge.js';

/** How the binlog stream fares. Whether it is up is read when somebody asks. */
export class StreamMetrics {
  readonly #reconnects: Counter;
  readonly #losses: Counter;
  #hasBeenUp = false;
  #lastEventAt: number | undefined;

  constructor(
    registry: Registry,
    private readonly now: () => number,
  ) {
    const registers = [registry];
    this.#reconnects = new Counter({
      name: 'monitor_service_stream_reconnects_total',
      help: 'Times that the binlog stream came up again.',
      registers,
    });
    this.#losses = new Counter({
      name: 'monitor_service_stream_failures_total',
      help: 'Times that the binlog stream was lost or did not come up.',
      registers,
    });
    addGauge(
      registry,
      'monitor_service_stream_last_event_timestamp_seconds',
      'When the last change of the table came through the binlog; absent before the first.',
      () => (this.#lastEventAt === undefined ? undefined : this.#lastEventAt / 1000),
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
