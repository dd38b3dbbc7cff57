import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NODE, PROGRAM } from '../support/program.js';
import { type AgentSource, configFile, hostName, writeAgentConfig } from './agent-configs.js';

/** The services of all hosts. */
export interface Agents {
  readonly pids: readonly number[];
  /** Where their rows and streams come from, from now on. Reloads them a few at a time. */
  turnTo(source: AgentSource): Promise<void>;
  /** Which have ended by themselves: nothing that waits for all hosts can come true then. */
  readonly ended: number;
  /** Ends them; those that hang are killed. */
  stop(): Promise<void>;
}

interface AgentOptions {
  readonly count: number;
  /** Many in one process: the whole service all the same, with connections of its own each. */
  readonly isReduced: boolean;
  readonly folder: string;
  readonly journal: string;
}

/** How many agents start at once: on few cores all of them together would only get in each other's way. */
const AT_ONCE = 8;
const PAUSE_MS = 1000;
const IN_ONE_PROCESS = 25;
const STOP_MS = 60_000;
const REDUCED = fileURLToPath(new URL('reduced-agents.ts', import.meta.url));

/** They end with this process. */
export async function startAgents(options: AgentOptions, source: AgentSource): Promise<Agents> {
  const { count, isReduced, folder } = options;
  const size = isReduced ? IN_ONE_PROCESS : 1;
  const children: ChildProcess[] = [];
  for (let from = 0; from < count; from += size) {
    const hosts = Array.from({ length: Math.min(size, count - from) }, (_, each) => from + each);
    for (const index of hosts) {
      await mkdir(join(folder, hostName(index)), { recursive: true });
      await writeAgentConfig(options, index, source);
    }
    const files = hosts.map((index) => configFile(folder, index));
    const command = isReduced
      ? ['--import', 'tsx', REDUCED, ...files]
      : [PROGRAM, 'run', '--config', ...files];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', NODE, ...command], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await once(child, 'spawn');
    children.push(child);
    if (isReduced || children.length % AT_ONCE === 0) await pause(PAUSE_MS * Math.max(1, size / AT_ONCE));
  }
  const running = () =>
    children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  return {
    pids: children.map(({ pid }) => pid ?? 0),
    get ended() {
      return children.length - running().length;
    },
    async turnTo(next) {
      for (let index = 0; index < count; index += 1) await writeAgentConfig(options, index, next);
      for (const [index, child] of children.entries()) {
        child.kill('SIGHUP');
        if (isReduced || index % AT_ONCE === AT_ONCE - 1) await pause(PAUSE_MS);
      }
    },
    async stop() {
      const left = running();
      const ended = Promise.all(left.map((child) => once(child, 'exit')));
      for (const child of left) child.kill('SIGTERM');
      const timer = setTimeout(() => {
        for (const child of running()) child.kill('SIGKILL');
      }, STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
