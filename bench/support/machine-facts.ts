import { cpus, release, totalmem } from 'node:os';

/** On what, and when, something was measured. */
export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly kernel: string;
  readonly node: string;
  /** ISO, the day. */
  readonly date: string;
  /** What was typed after `npm run bench --`. */
  readonly args: string;
}

export function readMachineFacts(args: readonly string[]): MachineFacts {
  const all = cpus();
  return {
    cpu: (all[0]?.model ?? 'unknown').trim(),
    cores: all.length,
    memoryMb: Math.round(totalmem() / 1024 ** 2),
    // Of a distribution's own numbering only the version tells something.
    kernel: /^\d+\.\d+/.exec(release())?.[0] ?? release(),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    args: args.join(' '),
  };
}
