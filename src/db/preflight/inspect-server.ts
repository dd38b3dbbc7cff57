import type { Connection } from 'mysql2/promise';
import type { Database } from '../connection/database.js';
import { query } from '../connection/query.js';
import { readServerSettings, type ServerSettings } from '../connection/server-settings.js';

/** The server that answers, and the connection to it. */
export interface ServerInspection {
  readonly settings: ServerSettings;
  /** `TLSv1.3, TLS_AES_256_GCM_SHA384`; undefined for a plain connection. */
  readonly tls: string | undefined;
}

/** Needs no privilege. Throws DatabaseError. */
export function inspectServer(database: Database): Promise<ServerInspection> {
  return database.use(async (connection) => ({
    settings: await readServerSettings(connection),
    tls: await readTls(connection),
  }));
}

async function readTls(connection: Connection): Promise<string | undefined> {
  const rows = await query<{ Variable_name: string; Value: string }>(
    connection,
    "SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version', 'Ssl_cipher')",
    [],
  );
  const textOf = (name: string): string =>
    rows.find(({ Variable_name }) => Variable_name.toLowerCase() === name)?.Value ?? '';
  const cipher = textOf('ssl_cipher');
  return cipher === '' ? undefined : `${textOf('ssl_version')}, ${cipher}`;
}
