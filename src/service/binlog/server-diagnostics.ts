import type { DatabaseConfig } from '../../config/config.js';
import { describeServer } from '../../db/connection/local-socket.js';
import type { ServerSettings } from '../../db/connection/server-settings.js';
import type { Diagnosis } from '../../db/preflight/diagnosis.js';
import type { Log } from '../../telemetry/log/log.js';

/** What is known about the server. Logs each setting that an administrator should change, once (R6). */
export class ServerDiagnostics {
  readonly #told = new Set<string>();
  #hidesRows = false;
  #reached: { readonly address: string; readonly shown: string } | undefined;

  constructor(private readonly log: Log) {}

  /** `host`: the one of the configured servers that it is. */
  update(
    database: DatabaseConfig,
    { flavour, version, global }: ServerSettings,
    diagnoses: readonly Diagnosis[],
    host = database,
  ): void {
    const name = flavour === 'mariadb' ? 'MariaDB' : 'MySQL';
    const server = `${name} ${version.split('-')[0]} (binlog_format ${global.get('binlog_format') ?? 'ROW'})`;
    this.#reached = { address: addressOf(database), shown: `${server} at ${describeServer(host)}` };
    this.#hidesRows = diagnoses.some(({ hidesRows }) => hidesRows);
    for (const { severity, message, remedy, isAboutWriting } of diagnoses) {
      // Told at each change of the server.
      if (severity === 'warning' && !isAboutWriting) this.#warnOnce(`${message}; ${remedy}`);
    }
  }

  /** A row of our tables could not be decoded. Logged unless a diagnosis has given the reason. */
  onUndecodable(reason: string): void {
    if (this.#hidesRows) return;
    this.#warnOnce(`the binlog hides a change, so the table is read after each such change; ${reason}`);
  }

  #warnOnce(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.log.warn('monitor_service', line);
  }

  /**
   * Product, version and address, for the status report. Undefined until the server of this configuration has been
   * reached.
   */
  describe(database: DatabaseConfig): string | undefined {
    return this.#reached?.address === addressOf(database) ? this.#reached.shown : undefined;
  }
}

function addressOf({ socket, host, port, otherHosts, sslMode }: DatabaseConfig): string {
  return JSON.stringify([socket, host, port, otherHosts, sslMode]);
}
