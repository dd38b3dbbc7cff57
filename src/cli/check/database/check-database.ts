import type { Config } from '../../../config/config.js';
import { probeStream } from '../../../db/binlog/probe-stream.js';
import { type Database, openDatabase } from '../../../db/connection/database.js';
import { diagnoseBinlog, streamBlockers } from '../../../db/preflight/diagnose-binlog.js';
import { diagnoseLogin } from '../../../db/preflight/diagnose-login.js';
import { diagnoseTables } from '../../../db/preflight/diagnose-tables.js';
import { findReplicaIds } from '../../../db/preflight/find-replica-ids.js';
import { inspectServer, type ServerInspection } from '../../../db/preflight/inspect-server.js';
import { inspectTables } from '../../../db/preflight/inspect-tables.js';
import { listProcesses, type ProcessListing } from '../../../db/tables/list-processes.js';
import { readTableLayout } from '../../../db/tables/table-layout.js';
import { type Finding, type FindingSection, judgeError, okFinding } from '../../../domain/finding.js';
import { judgeBinlog, judgeDiagnosis, judgeServerId } from './judge-binlog.js';
import { judgeServer } from './judge-server.js';
import { judgeLayout, judgeTable } from './judge-tables.js';

/**
 * Everything about the database, section by section as it becomes known; ends with the processes in its tables, where
 * they could be read. Reads only. A server that does not answer ends it: each statement has a deadline.
 */
export async function* checkDatabase(
  config: Config,
): AsyncGenerator<FindingSection, ProcessListing | undefined> {
  let database: Database | undefined;
  try {
    database = openDatabase(config.database);
    const server = await inspectServer(database);
    yield { heading: 'Database', findings: judgeServer(server, config.database) };
    yield { heading: 'Binlog', findings: await checkBinlog(config, database, server) };
    const { findings, listing } = await checkTables(config, database);
    yield { heading: 'Tables', findings };
    return listing;
  } catch (error) {
    yield { heading: 'Database', findings: await judgeFailure(config, error) };
    return undefined;
  } finally {
    await database?.close();
  }
}

/** The connection failed, or broke. */
async function judgeFailure(config: Config, error: unknown): Promise<Finding[]> {
  const diagnoses = await diagnoseLogin(config.database, error, isWritten(config)).catch(() => []);
  if (diagnoses.length === 0) return [judgeError('connection', error)];
  const wanted = config.binlog.enabled ? diagnoses : diagnoses.filter(({ severity }) => severity === 'fatal');
  return wanted.map(judgeDiagnosis);
}

async function checkBinlog(
  config: Config,
  database: Database,
  { settings }: ServerInspection,
): Promise<Finding[]> {
  if (!config.binlog.enabled) {
    const seconds = config.monitor.fallbackIntervalMs / 1000;
    return [okFinding('binlog', `not used ([binlog] enabled = no): the table is read every ${seconds} s`)];
  }
  const { diagnoses, replicas } = await database.use(async (connection) => ({
    diagnoses: await diagnoseBinlog(connection, config.database.database),
    replicas: config.binlog.serverId === 'auto' ? undefined : await findReplicaIds(connection),
  }));
  return [
    ...judgeBinlog(settings, diagnoses),
    judgeServerId(config.binlog.serverId, settings, replicas),
    ...(streamBlockers(diagnoses) === undefined ? await checkStream(config, database) : []),
  ];
}

/** Only a stream proves that there can be one. */
async function checkStream(
  { database: databaseConfig, binlog }: Config,
  database: Database,
): Promise<Finding[]> {
  try {
    // Without the tables there is nothing to watch; that is reported with the tables.
    const layout = await database.use(readTableLayout).catch(() => undefined);
    if (!layout) return [];
    await probeStream(databaseConfig, binlog, layout);
    return [okFinding('stream', 'a binlog connection was opened, and the server began to send')];
  } catch (error) {
    return [judgeError('stream', error)];
  }
}

async function checkTables(
  config: Config,
  database: Database,
): Promise<{ findings: Finding[]; listing?: ProcessListing }> {
  const { monitor } = config;
  const diagnoses = await database.use((connection) =>
    diagnoseTables(connection, config.database.database, isWritten(config)),
  );
  const told = diagnoses.map(judgeDiagnosis);
  const granted = diagnoses.some(({ severity }) => severity === 'fatal')
    ? []
    : [
        okFinding(
          'privileges',
          `SELECT on both tables${isWritten(config) ? ' and UPDATE of alarma and notes' : ''}: held`,
        ),
      ];
  // Without SELECT there is nothing more to be seen; without UPDATE there is.
  if (diagnoses.some(({ severity, remedy }) => severity === 'fatal' && !remedy.startsWith('GRANT UPDATE')))
    return { findings: told };
  return database.use(async (connection) => {
    const layout = await readTableLayout(connection).catch((error: unknown) => judgeError('columns', error));
    if ('level' in layout) return { findings: [...granted, ...told, layout] };
    const { status, process } = await inspectTables(connection, layout);
    const listing = await listProcesses(connection, layout, monitor.hostId);
    const findings = [
      ...granted,
      ...told,
      ...judgeTable(process),
      ...judgeTable(status),
      ...judgeLayout(layout, monitor.hostId),
    ];
    return { findings, listing };
  });
}

function isWritten({ monitor }: Config): boolean {
  return monitor.acknowledge === 'clear';
}
