import { Random } from '../test/faults/random.js';
import { requireServerProgram } from '../test/support/server-programs.js';
import type { Bench, BenchContext } from './support/bench.js';
import { readMachineFacts } from './support/machine-facts.js';
import type { BenchResult } from './support/result.js';
import { describeStolen, readProcessorTime } from './support/stolen-time.js';

type BenchRun = Omit<BenchContext, 'random'> & { readonly seed: number };

/** One bench on one server. Whatever it has opened is closed when this is over, however it ends. */
export async function runBench(bench: Bench, run: BenchRun): Promise<BenchResult> {
  const { kind, form, seed, closers } = run;
  const { flavour } = kind.options;
  try {
    const before = readProcessorTime();
    const measured = await bench.run({ ...run, random: new Random(seed).fork(bench.name) });
    return {
      name: bench.name,
      what: bench.what,
      server: flavour,
      ...{ form, seed },
      machine: readMachineFacts(process.argv.slice(2)),
      ...measured,
      serverVersion: measured.host?.serverVersion ?? requireServerProgram(flavour).version,
      remarks: [...(measured.remarks ?? []), ...describeStolen(before, readProcessorTime())],
    };
  } finally {
    await closers.close();
  }
}
