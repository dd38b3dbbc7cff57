import { readFile } from 'node:fs/promises';
import type { Lab } from './lab.js';
import { countHoldings } from './left-behind.js';

/** What the service holds at one moment. */
export interface Sample {
  readonly second: number;
  /** Resident memory, MB. */
  readonly memory: number;
  readonly descriptors: number;
  /** The server's own count. */
  readonly connections: number;
  readonly threads: number;
}

export async function takeSample(lab: Lab, startedAt: number): Promise<Sample> {
  const { descriptors, connections } = await countHoldings(lab);
  const status = await readFile(`/proc/${lab.keeper.daemon.pid}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    second: Math.round((Date.now() - startedAt) / 1000),
    memory: Math.round((field('VmRSS') / 1024) * 10) / 10,
    descriptors,
    connections,
    threads: field('Threads'),
  };
}
