import type { BenchResult } from '../../../bench/support/result.js';

/** A result as a bench could have it. */
export function resultOf(changes: Partial<BenchResult> = {}): BenchResult {
  return {
    name: 'reaction',
    server: 'mariadb',
    serverVersion: '10.11.19',
    what: 'from commit to restart',
    form: 'full',
    seed: 42,
    machine: {
      cpu: 'Some CPU',
      cores: 2,
      memoryMb: 7900,
      kernel: '6.1',
      node: 'v20.19.0',
      date: '2026-01-02',
      args: '--full',
    },
    figures: [
      {
        what: 'reaction idle, p50',
        unit: 'ms',
        value: 2.4,
        baseline: { what: 'floor', value: 2 },
        aim: { of: 'ratio', atMost: 1.3 },
        isHeadline: true,
      },
      { what: 'memory', unit: 'MB', value: 91.234, aim: { of: 'value', atMost: 80 } },
      { what: 'polling', unit: 's', value: 150, computed: 'half of 300 s' },
    ],
    remarks: ['the machine was idle'],
    ...changes,
  };
}
