import { type Counter, collectDefaultMetrics, Registry } from 'prom-client';
import type { StreamSignal } from '../../domain/alarm/binlog-signal.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { isMove, type ServerChange } from '../../domain/database-server.js';
import { addGauge, addLabelledGauge, createCounter } from './create-metric.js';
import { CycleMetrics } from './cycle-metrics.js';
import type { MetricsSource } from './metrics-source.js';
import { ProcessLabels } from './process-labels.js';
import { addStateGauges } from './state-gauges.js';
import { StreamMetrics } from './stream-metrics.js';

interface MetricsOptions {
  readonly facts: MetricsSource;
  readonly version: string;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The interval of the timer that measures the event loop delay. It never stops, so the default of 10 ms is too short. */
const LOOP_DELAY_EVERY_MS = 100;

/**
 * The event loop delay if it was not measured since the last reading: 292 years, or not a number. No value is better
 * than a wrong one.
 */
const UNMEASURED = /^nodejs_eventloop_lag_\w+ (9223372036\.\d+|Nan)\n/gm;

/** The result of sending a notification by one of its ways. */
export type DeliveryResult = 'delivered' | 'failed' | 'given-up';

/** All metrics of the service, in a registry of its own. */
export class Metrics {
  readonly #registry = new Registry();
  #ofProcess: Registry | undefined;
  readonly #cycles: CycleMetrics;
  readonly #stream: StreamMetrics;
  readonly #serverChanges: Counter;
  readonly #notifications: Counter<'way' | 'result'>;
  #isUp = true;

  constructor({ facts, version, now }: MetricsOptions) {
    const labels = new ProcessLabels();
    const registry = this.#registry;
    addLabelledGauge(registry, 'monitor_service_build_info', () => [
      { labels: { version, node: process.version }, value: 1 },
    ]);
    addGauge(registry, 'monitor_service_up', () => Number(this.#isUp));
    addGauge(registry, 'monitor_service_collected_timestamp_seconds', () => now() / 1000);
    this.#cycles = new CycleMetrics(registry, labels);
    this.#stream = new StreamMetrics(registry, now);
    addStateGauges(registry, facts, labels, now);
    this.#serverChanges = createCounter(registry, 'monitor_service_database_server_changes_total');
    this.#notifications = createCounter(registry, 'monitor_service_notifications_total');
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  onEvent(event: CycleEvent): void {
    this.#cycles.onEvent(event);
  }

  onSignal(signal: StreamSignal): void {
    this.#stream.onSignal(signal);
  }

  onServerChange(change: ServerChange): void {
    if (isMove(change)) this.#serverChanges.inc();
  }

  countNotifications(way: 'command' | 'webhook', result: DeliveryResult, count = 1): void {
    this.#notifications.inc({ way, result }, count);
  }

  /** The textfile then says that it will not be written again. */
  end(): void {
    this.#isUp = false;
  }

  /**
   * Starts to measure this process itself. That wakes it up ten times a second, so it starts only when a reader needs it.
   */
  collectProcessMetrics(): Registry {
    if (!this.#ofProcess) {
      this.#ofProcess = new Registry();
      collectDefaultMetrics({
        register: this.#ofProcess,
        eventLoopMonitoringPrecision: LOOP_DELAY_EVERY_MS,
      });
    }
    return this.#ofProcess;
  }

  /** The text format of Prometheus, with the `process_*` and `nodejs_*` metrics. */
  async render(): Promise<string> {
    const ofProcess = await this.collectProcessMetrics().metrics();
    return `${await this.renderOwn()}\n${ofProcess.replaceAll(UNMEASURED, '')}`;
  }

  /**
   * The same without those. node_exporter has metrics of the same names about itself, and fails completely if a textfile
   * has them too.
   */
  renderOwn(): Promise<string> {
    return this.#registry.metrics();
  }
}
