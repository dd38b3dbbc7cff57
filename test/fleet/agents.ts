import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NODE, PROGRAM } from '../support/program.js';
import { type ConfigSections, mergeSections, writeConfigFile } from '../support/service/config-file.js';
import type { FleetServers } from './servers.js';

/** The services of all hosts, each a process of its own. */
interface Agents {
  readonly pids: readonly number[];
  /** Where their streams come from, from now on. */
  readFrom(source: 'primary' | 'relays'): Promise<void>;
  stop(): Promise<void>;
}

/** How many agents start at once: on few cores all of them together would only get in each other's way. */
const AT_ONCE = 8;
const PAUSE_MS = 1000;

export const hostName = (index: number): string => `host${String(index + 1).padStart(4, '0')}`;

/** Each writes what it restarts into the FIFO `journal`. They end with this process. */
export async function startAgents(
  count: number,
  { pair, relays, database }: FleetServers,
  folder: string,
  journal: string,
): Promise<Agents> {
  const places = (ports: readonly number[]): string => ports.map((port) => `127.0.0.1:${port}`).join(', ');
  const configOf = (index: number, isRelayed: boolean): ConfigSections => {
    const ports = relays.map(({ server }) => server.port);
    const inTurn = index % 2 === 0 ? ports : ports.toReversed();
    const { host: _, port: __, ...account } = database.section;
    return mergeSections(
      {
        database: { ...account, host: places(pair.map(({ port }) => port)) },
        monitor: { host_id: hostName(index), check_interval: 60, fallback_interval: 2 },
        binlog: { heartbeat: 2, ...(isRelayed && { host: places(inTurn) }) },
        logging: { level: 'INFO' },
        'process.default': {
          restart_command: `echo "${hostName(index)} %s" > ${journal}`,
          health_check_command: 'exit 0',
        },
      },
      {},
    );
  };
  const children: ChildProcess[] = [];
  const write = (index: number, isRelayed: boolean): Promise<void> =>
    writeConfigFile(fileOf(folder, index), join(folder, hostName(index)), configOf(index, isRelayed));
  for (let index = 0; index < count; index += 1) {
    await mkdir(join(folder, hostName(index)), { recursive: true });
    await write(index, false);
    const command = ['--pdeathsig', 'KILL', NODE, PROGRAM, 'run', '--config', fileOf(folder, index)];
    const child = spawn('setpriv', command, { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(child, 'spawn');
    children.push(child);
    if (index % AT_ONCE === AT_ONCE - 1) await pause(PAUSE_MS);
  }
  return {
    pids: children.map(({ pid }) => pid ?? 0),
    async readFrom(source) {
      for (const [index, child] of children.entries()) {
        await write(index, source === 'relays');
        child.kill('SIGHUP');
      }
    },
    async stop() {
      const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      const ended = running.map((child) => once(child, 'exit'));
      for (const child of running) child.kill('SIGTERM');
      await Promise.all(ended);
    },
  };
}

function fileOf(folder: string, index: number): string {
  return join(folder, hostName(index), 'config.ini');
}
