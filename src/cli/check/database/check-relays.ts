import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { filter, firstValueFrom, timeout } from 'rxjs';
import type { Config, DatabaseConfig } from '../../../config/config.js';
import { heartbeatEvent, readBeat } from '../../../db/binlog/relay/heartbeat.js';
import type { Database } from '../../../db/connection/database.js';
import { relaysOf } from '../../../db/connection/hosts-of.js';
import { describeServer } from '../../../db/connection/local-socket.js';
import { query } from '../../../db/connection/query.js';
import { quoteAccount, readServerSettings } from '../../../db/connection/server-settings.js';
import { holdsReplicationSlave } from '../../../db/preflight/diagnose-privileges.js';
import type { Diagnosis } from '../../../db/preflight/diagnosis.js';
import { openAlarmTable } from '../../../db/tables/alarm-table.js';
import type { Beat } from '../../../domain/alarm/relay-freshness.js';
import { type Finding, judgeError } from '../../../domain/finding.js';
import { openRelay } from '../../../service/binlog/open-relay.js';
import { judgeHeartbeat, judgeRelay, judgeReplicationSlave, type RelayProbe } from './judge-relays.js';

/** The primary counts once a second. */
const COUNTS_WITHIN_MS = 2500;
const PROBE_TIMEOUT_MS = 45_000;

/** Checks both servers: the heartbeat of the primary, and each relay of `[binlog] host`, as the service would use it. */
export async function checkRelays(config: Config, database: Database): Promise<Finding[]> {
  const heartbeat = await checkHeartbeat(config, database);
  const slave = await database.use(async (connection) =>
    judgeReplicationSlave(
      await holdsReplicationSlave(connection),
      (await readServerSettings(connection)).account,
    ),
  );
  const found = [heartbeat, ...slave];
  if (heartbeat.level === 'fault') return found;
  const probes = await Promise.all(
    relaysOf(config.database, config.binlog).map((relay) => probeRelay(config, database, relay)),
  );
  const isAnyFresh = probes.some(({ failure }) => failure === undefined);
  return [...found, ...probes.flatMap((probe) => judgeRelay(probe, isAnyFresh))];
}

async function checkHeartbeat(config: Config, database: Database): Promise<Finding> {
  try {
    const account = await database.use(async (connection) =>
      quoteAccount((await readServerSettings(connection)).account),
    );
    const read = (): Promise<Beat> => database.use((connection) => readBeat(connection, account));
    const before = await read();
    await sleep(COUNTS_WITHIN_MS);
    const after = await read();
    const [row] = await database.use((connection) =>
      query<{ value: unknown }>(connection, 'SELECT @@global.event_scheduler AS value', []),
    );
    return judgeHeartbeat(
      after.count !== before.count,
      String(row?.value ?? ''),
      heartbeatEvent(config.database.database),
    );
  } catch (error) {
    return judgeError('heartbeat', error);
  }
}

/** Opens the stream, because only that proves that one works, under a server_id that no running service has. */
async function probeRelay(config: Config, database: Database, host: DatabaseConfig): Promise<RelayProbe> {
  const place = describeServer(host);
  let lagMs = 0;
  let diagnoses: readonly Diagnosis[] = [];
  let version = '';
  const stream = openRelay({
    ...{ config: config.database, binlog: config.binlog, database, host, isList: true },
    table: openAlarmTable(database, config.monitor),
    hostId: config.monitor.hostId,
    serverId: () => randomInt(2 ** 31, 2 ** 32),
    namesEveryMs: () => config.monitor.checkIntervalMs,
    onServer: (settings, found) => {
      version = settings.version;
      diagnoses = found;
    },
    onActivity: () => {},
    onLag: (ms) => {
      lagMs = ms;
    },
  });
  try {
    await firstValueFrom(
      stream.pipe(
        filter(({ kind }) => kind === 'streaming'),
        timeout({ first: PROBE_TIMEOUT_MS }),
      ),
    );
    return { place, version, diagnoses, lagMs };
  } catch (failure) {
    return { place, version, diagnoses, lagMs, failure };
  }
}
