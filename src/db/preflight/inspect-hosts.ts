import type { DatabaseConfig } from '../../config/config.js';
import type { DatabaseServer } from '../../domain/database-server.js';
import { openDatabase } from '../connection/database.js';
import { hostsOf } from '../connection/hosts-of.js';
import { describeServer } from '../connection/local-socket.js';
import { diagnoseBinlog } from './diagnose-binlog.js';
import type { Diagnosis } from './diagnosis.js';

/** One address of the list. */
export type HostInspection = { readonly place: string } & (
  | { readonly server: DatabaseServer; readonly diagnoses: readonly Diagnosis[] }
  | { readonly failure: unknown }
);

/**
 * Asks each server of the list by itself, all at once: any of them may be the next primary. `isStreamed`: whether its
 * binlog is read then. Never rejects.
 */
export function inspectHosts(config: DatabaseConfig, isStreamed: boolean): Promise<HostInspection[]> {
  return Promise.all(hostsOf(config).map((host) => inspectHost(host, isStreamed)));
}

async function inspectHost(host: DatabaseConfig, isStreamed: boolean): Promise<HostInspection> {
  const place = describeServer(host);
  try {
    const database = openDatabase(host);
    try {
      const diagnoses = await database.use(async (connection) =>
        isStreamed ? await diagnoseBinlog(connection, host.database) : [],
      );
      const { server } = database;
      return server ? { place, server, diagnoses } : { place, failure: new Error('it has not answered') };
    } finally {
      await database.close();
    }
  } catch (failure) {
    return { place, failure };
  }
}
