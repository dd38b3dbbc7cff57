import type { Config } from '../../config/config.js';
import type { ServerSettings } from '../../db/connection/server-settings.js';
import type { Diagnosis } from '../../db/preflight/diagnosis.js';
import type { Log } from '../../telemetry/log/log.js';

/** What is known about the server; tells each thing that an administrator should change once (R6). */
export class ServerDiagnostics {
  readonly #told = new Set<string>();
  #server = '';

  constructor(private readonly log: Log) {}

  update({ flavour, version, global }: ServerSettings, diagnoses: readonly Diagnosis[]): void {
    const name = flavour === 'mariadb' ? 'MariaDB' : 'MySQL';
    this.#server = `${name} ${version.split('-')[0]} (binlog_format ${global.get('binlog_format') ?? 'ROW'})`;
    for (const { severity, message, remedy } of diagnoses) {
      const line = `${message}; ${remedy}`;
      if (severity !== 'warning' || this.#told.has(line)) continue;
      this.#told.add(line);
      this.log.warn('monitor_service', line);
    }
  }

  describe({ database: { socket, host, port } }: Config): string {
    return `${this.#server} at ${socket ?? `${host}:${port}`}`;
  }
}
