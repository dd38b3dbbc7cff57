import { parseArgs } from 'node:util';
import { Random } from '../faults/random.js';
import type { FuzzSession } from './fuzz-target.js';
import { mutate } from './mutate.js';
import { keepSeed, loadTarget, readSeeds, targetNames } from './seeds.js';

/*
 * npm run fuzz -- [--only NAME,NAME] [--seconds S] [--seed N]
 *
 * Gives every target its seeds, and then mutations of them until its time is over. What a target does not stand is kept
 * as a seed of its own. Exit code 1 if there was any.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
  },
});
/** The same fault is found again and again. */
const MOST_FOUND = 5;
const random = new Random(Number(values.seed));
const names = values.only?.split(',') ?? (await targetNames());
process.stdout.write(`seed ${values.seed}, ${values.seconds} s for each of ${names.join(', ')}\n`);
for (const name of names) await fuzz(name, Number(values.seconds) * 1000);

async function fuzz(name: string, forMs: number): Promise<void> {
  const seeds = [...(await readSeeds(name)).values()];
  const target = await loadTarget(name);
  const session = await target.open();
  const chance = random.fork(name);
  let tried = 0;
  let found = 0;
  try {
    for (const seed of seeds) found += await attempt(name, session, seed);
    const end = performance.now() + forMs;
    for (; performance.now() < end && found < MOST_FOUND; tried += 1) {
      found += await attempt(name, session, mutate(seeds, chance));
    }
  } finally {
    await session.close?.();
  }
  process.stdout.write(`${name}: ${seeds.length} seeds, ${tried} mutations, ${found} found\n`);
  if (found > 0) process.exitCode = 1;
}

/** Returns how many faults were found: 0 or 1. */
async function attempt(name: string, session: FuzzSession, input: string): Promise<number> {
  try {
    await session.run(input);
    return 0;
  } catch (error) {
    const file = await keepSeed(name, input);
    process.stdout.write(`${name}: ${file}\n${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}
