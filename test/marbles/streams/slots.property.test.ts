import fc from 'fast-check';
import { describe, it } from 'vitest';
import { neverMoreThanAllowed, oneOwnerOfASystemName } from '../../support/streams/invariants.js';
import { playWorld } from '../../support/streams/play-world.js';
import { worlds } from '../../support/streams/random-world.js';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 150);

describe('R8: slots and system names under any schedule', () => {
  it('everything that runs holds a slot, and a cycle owns its system name until its verdict', () => {
    fc.assert(
      fc.property(worlds({ formats: ['row', 'minimal', 'statement'], withOutages: true }), (world) => {
        const run = playWorld(world);
        neverMoreThanAllowed(run, world.maxParallel);
        oneOwnerOfASystemName(run);
      }),
      { numRuns: RUNS },
    );
  });
});
