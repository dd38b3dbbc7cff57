import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import type { StreamSignal } from '../../domain/alarm/binlog.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { addGauge, addGauges } from './add-gauge.js';
import { CycleMetrics } from './cycle-metrics.js';
import type { MetricsSource } from './metrics-source.js';
import { ProcessLabels } from './process-labels.js';
import { addStateGauges } from './state-gauges.js';
import { StreamMetrics } from './stream-metrics.js';

export interface MetricsOptions {
  readonly facts: MetricsSource;
  readonly version: string;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The timer that measures the delay of the event loop runs at this interval for ever: 10 ms would be too often. */
const LOOP_DELAY_EVERY_MS = 100;

/**
 * The delay of the event loop, where it was not measured since the last reading: 292 years, or no number. No value is
 * better than a wrong one.
 */
const UNMEASURED = /^nodejs_eventloop_lag_\w+ (9223372036\.\d+|Nan)\n/gm;

/** What became of a notification on one of its ways. */
export type DeliveryResult = 'delivered' | 'failed' | 'given-up';

/**
 * Everything that Prometheus can know of the service, in a registry of its own. The names and labels are a promise to
 * dashboards and alert rules: docs/metrics.md lists them, and a test holds it to them.
 */
export class Metrics {
  readonly #registry = new Registry();
  #ofProcess: Registry | undefined;
  readonly #cycles: CycleMetrics;
  readonly #stream: StreamMetrics;
  readonly #notifications: Counter<'way' | 'result'>;
  #isUp = true;

  constructor({ facts, version, now }: MetricsOptions) {
    const labels = new ProcessLabels();
    const registry = this.#registry;
    addGauges(
      registry,
      {
        name: 'monitor_service_build_info',
        help: 'Always 1; the labels tell which version runs on which Node.js.',
        labelNames: ['version', 'node'],
      },
      () => [{ labels: { version, node: process.version }, value: 1 }],
    );
    addGauge(registry, 'monitor_service_up', '1; in a textfile 0 when the service has ended.', () =>
      Number(this.#isUp),
    );
    addGauge(
      registry,
      'monitor_service_collected_timestamp_seconds',
      'When these metrics were collected: a textfile may be old.',
      () => now() / 1000,
    );
    this.#cycles = new CycleMetrics(registry, labels);
    this.#stream = new StreamMetrics(registry, now);
    addStateGauges(registry, facts, labels, now);
    this.#notifications = new Counter({
      name: 'monitor_service_notifications_total',
      help: 'Notifications by way and by what became of them.',
      labelNames: ['way', 'result'],
      registers: [registry],
    });
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

  countNotifications(way: 'command' | 'webhook', result: DeliveryResult, count = 1): void {
    this.#notifications.inc({ way, result }, count);
  }

  /** The last reading of a textfile says that nobody will write it again. */
  end(): void {
    this.#isUp = false;
  }

  /**
   * Begins to measure the process itself, for whoever may ask for it from now on: it wakes up ten times a second for
   * that, which a service that nobody asks can do without.
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

  /** The text format of Prometheus, with what is known of every process and of every Node.js. */
  async render(): Promise<string> {
    const ofProcess = await this.collectProcessMetrics().metrics();
    return `${await this.renderOwn()}\n${ofProcess.replaceAll(UNMEASURED, '')}`;
  }

  /**
   * The same without those: node_exporter has metrics of the same names about itself, and answers nothing at all where
   * a textfile has them too.
   */
  renderOwn(): Promise<string> {
    return this.#registry.metrics();
  }
}
