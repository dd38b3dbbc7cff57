import { rm } from 'node:fs/promises';
import type { MetricsConfig } from '../../config/config.js';
import { describeError } from '../../domain/errors.js';
import type { Log } from '../log/log.js';
import { OutageLog } from '../messages/outage-log.js';
import type { Metrics } from './metrics.js';
import { type MetricsServer, openMetricsServer } from './metrics-server.js';
import { MetricsTextfile } from './metrics-textfile.js';

/** Where the metrics can be read, over all configurations. What cannot be had is a warning; the service runs on (R13). */
export class MetricsExporters {
  #server: { readonly key: string; readonly port: number; readonly server: MetricsServer } | undefined;
  #textfile: { readonly key: string; readonly file: string; readonly textfile: MetricsTextfile } | undefined;
  /** One thing at a time: a reload may come while an earlier one is still at it. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** Resolves when the last configuration has been taken over. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Leaves alone what the new configuration does not concern (R22). Never rejects. */
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
      await this.#deafen();
      await this.#textfile?.textfile.close();
      this.#textfile = undefined;
    });
    return this.#last;
  }

  /** The new place is taken before the old one is left: a reload that asks for one that is taken changes nothing. */
  async #listen({ listen }: MetricsConfig): Promise<void> {
    const key = JSON.stringify(listen);
    if (this.#server?.key === key) return;
    // All addresses and one of them cannot be had at once with the same port.
    if (listen === undefined || listen.port === this.#server?.port) await this.#deafen();
    if (listen === undefined) return;
    this.metrics.collectProcessMetrics();
    try {
      const server = await openMetricsServer(listen, this.metrics, (error) => this.#warn(error));
      await this.#deafen();
      this.#server = { key, port: listen.port, server };
    } catch (error) {
      this.#warn(error);
    }
  }

  async #deafen(): Promise<void> {
    await this.#server?.server.close();
    this.#server = undefined;
  }

  async #write({ textfile: file, textfileIntervalMs: everyMs }: MetricsConfig): Promise<void> {
    const key = JSON.stringify([file, everyMs]);
    if (this.#textfile?.key === key) return;
    const before = this.#textfile;
    this.#textfile = undefined;
    await before?.textfile.close();
    // Nobody would write it any more: who reads it must not take it for the truth.
    if (before && before.file !== file) await rm(before.file, { force: true }).catch(() => {});
    if (file === undefined) return;
    const outage = new OutageLog(this.log, Date.now);
    const textfile = new MetricsTextfile({
      file,
      everyMs,
      render: () => this.metrics.renderOwn(),
      onFailure: (problem) => outage.lost(problem, `the metrics cannot be written: ${problem}`),
      onSuccess: () => outage.back(() => `the metrics can be written to ${file} again`),
    });
    this.#textfile = { key, file, textfile };
  }

  #warn(error: unknown): void {
    this.log.warn('monitor_service', `the metrics cannot be read over HTTP: ${describeError(error)}`);
  }
}
