import type { Config } from '../../../config/config.js';
import { probeStream } from '../../../db/binlog/probe-stream.js';
import { type Database, openDatabase } from '../../../db/connection/database.js';
import { countHostRows } from '../../../db/preflight/count-host-rows.js';
import { diagnoseBinlog, streamBlockers } from '../../../db/preflight/diagnose-binlog.js';
import { diagnoseLogin } from '../../../db/preflight/diagnose-login.js';
import { diagnoseTableAccess } from '../../../db/preflight/diagnose-table-access.js';
import { findReplicaIds } from '../../../db/preflight/find-replica-ids.js';
import { inspectHosts } from '../../../db/preflight/inspect-hosts.js';
import { inspectRowImages } from '../../../db/preflight/inspect-row-images.js';
import { inspectServer, type ServerInspection } from '../../../db/preflight/inspect-server.js';
import { inspectTables } from '../../../db/preflight/inspect-tables.js';
import { listProcesses, type ProcessListing } from '../../../db/tables/list-processes.js';
import { readTableLayout } from '../../../db/tables/table-layout.js';
import { type Finding, type FindingSection, judgeError, okFinding } from '../../../domain/finding.js';
import { checkRelays } from './check-relays.js';
import { judgeBinlog, judgeDiagnosis, judgeServerId } from './judge-binlog.js';
import { judgeHostRows } from './judge-host-rows.js';
import { judgeHosts } from './judge-hosts.js';
import { judgeServer } from './judge-server.js';
import { judgeNotes, judgeTable } from './judge-table.js';

/**
 * Checks the database, section by section. Returns the processes of its tables, if they could be read. Only reads.
 * Every statement has a deadline; a server that does not answer ends the check.
 */
export async function* checkDatabase(
  config: Config,
): AsyncGenerator<FindingSection, ProcessListing | undefined> {
  let database: Database | undefined;
  try {
    database = openDatabase(config.database);
    const server = await inspectServer(database);
    const isStreamed = config.binlog.enabled && !config.binlog.relays;
    const hosts = config.database.otherHosts ? await inspectHosts(config.database, isStreamed) : [];
    const findings = [...judgeServer(server, database.host), ...judgeHosts(hosts, database.server?.identity)];
    yield { heading: 'Database', findings };
    yield { heading: 'Binlog', findings: await checkBinlog(config, database, server) };
    const tables = await checkTables(config, database);
    yield { heading: 'Tables', findings: tables.findings };
    return tables.listing;
  } catch (error) {
    yield { heading: 'Database', findings: await judgeFailure(config, error) };
    return undefined;
  } finally {
    await database?.close();
  }
}

/** The findings for a connection that failed or broke. */
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
  if (config.binlog.relays) return checkRelays(config, database);
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

/** Opens a binlog stream, because only that proves that one works. */
async function checkStream({ binlog, monitor }: Config, database: Database): Promise<Finding[]> {
  try {
    // Without the tables no stream can be opened. The section about the tables reports that.
    const layout = await database
      .use((connection) => readTableLayout(connection, monitor))
      .catch(() => undefined);
    if (!layout) return [];
    await probeStream(database.host, binlog, layout);
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
    diagnoseTableAccess(connection, config.database.database, isWritten(config)),
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
  // Without SELECT nothing more can be checked. Without UPDATE the rest can.
  if (diagnoses.some(({ severity, remedy }) => severity === 'fatal' && !remedy.startsWith('GRANT UPDATE')))
    return { findings: told };
  return database.use(async (connection) => {
    const layout = await readTableLayout(connection, monitor).catch((error: unknown) =>
      judgeError('columns', error),
    );
    if ('level' in layout) return { findings: [...granted, ...told, layout] };
    const { status, process } = await inspectTables(connection, layout);
    const images =
      config.binlog.enabled && !config.binlog.relays
        ? (await inspectRowImages(connection, layout)).diagnoses
        : [];
    const listing = await listProcesses(connection, layout, monitor.hostId);
    const findings = [
      ...granted,
      ...told,
      ...images.map(judgeDiagnosis),
      ...judgeTable(process),
      ...judgeTable(status),
      ...judgeNotes(layout),
      ...judgeHostRows(await countHostRows(connection, layout), layout, monitor),
    ];
    return { findings, listing };
  });
}

function isWritten({ monitor }: Config): boolean {
  return monitor.acknowledge === 'clear';
}
