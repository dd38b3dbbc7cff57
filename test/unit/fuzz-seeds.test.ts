import { describe, expect, it } from 'vitest';
import { Random } from '../faults/random.js';
import { mutate } from '../fuzz/mutate.js';
import { loadTarget, readSeeds, targetNames } from '../fuzz/seeds.js';

/** Enough to see that a target still works; `npm run fuzz` tries for minutes. */
const MUTATIONS = 300;

/** They need a database server: only `npm run fuzz` opens them. */
const WITH_SERVER = ['rows'];

describe.each((await targetNames()).filter((name) => !WITH_SERVER.includes(name)))(
  'fuzz target %s',
  (name) => {
    it('stands its seeds, and some mutations of them', async () => {
      const seeds = await readSeeds(name);
      expect(seeds.size).toBeGreaterThan(0);
      const session = await (await loadTarget(name)).open();
      const random = new Random(1);
      for (const seed of seeds.values()) await session.run(seed);
      for (let left = MUTATIONS; left > 0; left -= 1) await session.run(mutate([...seeds.values()], random));
      await session.close?.();
    });
  },
);
