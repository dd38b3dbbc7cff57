import { describeError } from '../src/domain/errors.js';
import { findObstacle } from '../test/support/acceptance/host-tree.js';
import { setup } from '../test/support/global-setup.js';
import { BENCHES } from './benches.js';
import { type BenchOptions, readOptions } from './options.js';
import { runBench } from './run-bench.js';
import { Closers } from './support/closers.js';
import { formatTable } from './support/table.js';
import { writeResult } from './support/write-results.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const closers = new Closers();
let phase = 'the preparation';
let isInterrupted = false;

// What waits for something that never comes would else end without a word, and well.
process.on('exit', () => {
  if (phase === '') return;
  say(`the benches ended in the middle of: ${phase}`);
  process.exitCode ||= 1;
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isInterrupted) return;
    isInterrupted = true;
    // What is measured now fails when the ground is taken from under it; nobody wants to know how.
    void closers.close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  });
}

// Somebody waits for something that the bench has failed before.
process.on('unhandledRejection', (error) => {
  if (!isInterrupted) void fail(error).finally(() => process.exit());
});

try {
  const options = optionsOrExit();
  await setup();
  await runAll(options);
  phase = '';
} catch (error) {
  if (isInterrupted) await new Promise(() => {});
  await fail(error);
}

/** Who mistypes an option wants to know how it is spelt, and not where that was found out. */
function optionsOrExit(): BenchOptions {
  try {
    return readOptions(process.argv.slice(2), BENCHES);
  } catch (error) {
    say(describeError(error));
    phase = '';
    process.exit(64);
  }
}

async function fail(error: unknown): Promise<void> {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
  await closers.close();
}

async function runAll({ benches, kinds, form, seed }: BenchOptions): Promise<void> {
  const obstacle = findObstacle();
  const booting = benches.filter(({ underSystemd }) => underSystemd).map(({ name }) => name);
  if (obstacle !== undefined && booting.length > 0)
    say(`no host can be booted here, so ${booting.join(', ')} is left out: ${obstacle}`);
  for (const kind of kinds) {
    for (const bench of benches) {
      // The host brings its own server.
      if (bench.underSystemd && (obstacle !== undefined || kind.options.flavour !== 'mariadb')) continue;
      phase = `${bench.name} on ${kind.name}`;
      say(`\n${phase}, ${form} form, seed ${seed}`);
      const startedAt = performance.now();
      const result = await runBench(bench, { kind, form, seed, closers, say: (text) => say(`  ${text}`) });
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      say(`\n${formatTable(result)}\n\n${await writeResult(result)}, after ${seconds} s`);
    }
  }
}
