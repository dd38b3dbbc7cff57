import { readFileSync } from 'node:fs';
import type { PrivateServer } from '../support/private-server.js';
import { type BinlogParts, watchBinlog } from './binlog-parts.js';
import type { FleetServers } from './servers.js';
import { STRANGERS } from './strangers.js';

const TICKS_A_SECOND = 100;

interface Reading {
  readonly at: number;
  readonly cpuS: number;
  readonly bytes: number;
  readonly connections: number;
  readonly streams: number;
}

/** What a part of the fleet cost over a time. */
export interface Cost {
  readonly what: string;
  /** Share of one processor, in per cent. */
  readonly cpu: number;
  /** MB. */
  readonly memory: number;
}

interface ServerCost extends Cost {
  /** A second, received and sent. */
  readonly bytes: number;
  /** Of the services, at the end. */
  readonly connections: number;
  /** That read its binlog at the end, also those of replicas. */
  readonly streams: number;
}

export interface Costs {
  readonly servers: readonly ServerCost[];
  readonly agents: Cost;
  /** What the binlog that the hosts read has grown by. */
  readonly parts: BinlogParts;
  /** Whose binlog that is. */
  readonly source: string;
  readonly seconds: number;
}

/** Begins to measure; the result ends it. The hosts read the relays, or the primary while no relay serves any. */
export async function measureCosts(
  servers: FleetServers,
  agents: readonly number[],
): Promise<() => Promise<Costs>> {
  const { primary, relays, database } = servers;
  const named: readonly (readonly [string, PrivateServer])[] = [
    ['primary', primary],
    ...relays.map(({ server }, index) => [`relay ${index + 1}`, server] as const),
  ];
  const readAll = () => Promise.all(named.map(([, server]) => read(servers, server, database.user)));
  const before = await readAll();
  const isRelayed = before.slice(1).some(({ streams }) => streams > 0);
  const [source, server] = named[isRelayed ? 1 : 0] ?? ['primary', primary];
  const agentsBefore = { at: performance.now(), cpuS: cpuOf(agents) };
  const endOfParts = await watchBinlog(servers.on, server);
  return async () => {
    const parts = await endOfParts();
    const after = await readAll();
    const seconds = (performance.now() - agentsBefore.at) / 1000;
    return {
      ...{ parts, source, seconds },
      servers: named.map(([what, { pid }], index): ServerCost => {
        const [from, to] = [before[index], after[index]];
        if (!from || !to) throw new Error('each server is read twice');
        const passed = (to.at - from.at) / 1000;
        return {
          what,
          cpu: (100 * (to.cpuS - from.cpuS)) / passed,
          bytes: (to.bytes - from.bytes) / passed,
          connections: to.connections,
          streams: to.streams,
          memory: memoryOf([pid]),
        };
      }),
      agents: {
        what: `agents (${agents.length} processes)`,
        cpu: (100 * (cpuOf(agents) - agentsBefore.cpuS)) / seconds,
        memory: memoryOf(agents),
      },
    };
  };
}

async function read(servers: FleetServers, server: PrivateServer, user: string): Promise<Reading> {
  const status = await servers.on(
    server,
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Bytes_sent', 'Bytes_received')",
  );
  const processes = await servers.on(server, 'SHOW PROCESSLIST');
  return {
    at: performance.now(),
    cpuS: cpuOf([server.pid]),
    bytes: status.reduce((sum, { Value }) => sum + Number(Value), 0),
    connections: processes.filter(({ User }) => User === user).length - STRANGERS,
    streams: processes.filter(({ Command }) => /dump/i.test(String(Command))).length,
  };
}

/** Processor time, s. */
function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = (readProc(pid, 'stat').split(') ').at(-1) ?? '').split(' ');
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND;
  }, 0);
}

/** Memory that is not shared, MB. */
function memoryOf(pids: readonly number[]): number {
  const kb = pids.map((pid) => Number(/^Pss:\s+(\d+) kB/m.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? 0));
  return kb.reduce((sum, each) => sum + each, 0) / 1024;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
