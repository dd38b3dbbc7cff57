import { rm } from 'node:fs/promises';
import type { MetricsConfig } from '../../config/config.js';
import { describeError } from '../../domain/errors.js';
import type { Log } from '../log/log.js';
import { OutageLog } from '../messages/outage-log.js';
import type { Metrics } from './metrics.js';
import { type MetricsServer, openMetricsServer } from './metrics-server.js';
import { MetricsTextfile } from './metrics-textfile.js';

/** Serves the metrics over HTTP and as a textfile, across reloads. A failure is a warning; the service runs on (R13). */
export class MetricsExporters {
  #server: { readonly key: string; readonly port: number; readonly server: MetricsServer } | undefined;
  #textfile: { readonly key: string; readonly file: string; readonly textfile: MetricsTextfile } | undefined;
  /** One change at a time: a reload may arrive during an earlier one. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** Resolves when the last configuration has been taken over. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Leaves alone what the new configuration does not change (R22). Never rejects. */
  open(config: MetricsConfig): Promise<void> {
    this.#last = this.#last.then(async () => {
      await this.#listen(config);
      await this.#write(config);
    });
    return this.#last;
  }

  /** Writes the textfile a last time, which says that the service has ended. Never rejects. */
  close(): Promise<void> {
    this.#last = this.#last.then(async () => {
      this.metrics.end();
      await this.#stopListening();
      await this.#textfile?.textfile.close();
      this.#textfile = undefined;
    });
    return this.#last;
  }

  /** Listens on the new address before it leaves the old one: if the new one is taken, a reload changes nothing. */
  async #listen({ listen }: MetricsConfig): Promise<void> {
    const key = JSON.stringify(listen);
    if (this.#server?.key === key) return;
    // One port cannot be bound on all addresses and on one of them at the same time.
    if (listen === undefined || listen.port === this.#server?.port) await this.#stopListening();
    if (listen === undefined) return;
    this.metrics.collectProcessMetrics();
    try {
      const server = await openMetricsServer(listen, this.metrics, (error) => this.#warn(error));
      await this.#stopListening();
      this.#server = { key, port: listen.port, server };
    } catch (error) {
      this.#warn(error);
    }
  }

  async #stopListening(): Promise<void> {
    await this.#server?.server.close();
    this.#server = undefined;
  }

  async #write({ textfile: file, textfileIntervalMs: everyMs }: MetricsConfig): Promise<void> {
    const key = JSON.stringify([file, everyMs]);
    if (this.#textfile?.key === key) return;
    const before = this.#textfile;
    this.#textfile = undefined;
    await before?.textfile.close();
    // The old file is no longer written: node_exporter must not go on reading it.
    if (before && before.file !== file) await rm(before.file, { force: true }).catch(() => {});
    if (file === undefined) return;
    const outage = new OutageLog(this.log, Date.now);
    const textfile = new MetricsTextfile({
      file,
      everyMs,
      render: () => this.metrics.renderOwn(),
      onFailure: (problem) => outage.lost(problem, `cannot write the metrics textfile: ${problem}`),
      onSuccess: () => outage.back(() => `the metrics are written to ${file} again`),
    });
    this.#textfile = { key, file, textfile };
  }

  #warn(error: unknown): void {
    this.log.warn('monitor_service', `cannot serve the metrics over HTTP: ${describeError(error)}`);
  }
}
