import fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  clearedOnlyAfterAHealthCheck,
  everyRaiseSeen,
  everythingAnswered,
  failedCyclesWait,
  neverTwoRestartsOfOne,
  noCycleBegunWhilePaused,
  nothingRestartedThatWasNotRaised,
  nothingRestartedWhileOpen,
} from '../../support/streams/invariants.js';
import { playWorld } from '../../support/streams/play-world.js';
import { worlds } from '../../support/streams/random-world.js';

/** More of them for who looks for a needle: `PROPERTY_RUNS=5000`. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 250);
describe('the whole pipeline against a plain table', () => {
  it('R1–R13: keeps its promises under any schedule, with a stream that stays up', () => {
    fc.assert(
      fc.property(worlds({ formats: ['row'], withOutages: false }), (world) => {
        const run = playWorld(world);
        neverTwoRestartsOfOne(run);
        nothingRestartedThatWasNotRaised(run);
        nothingRestartedWhileOpen(run);
        noCycleBegunWhilePaused(run);
        failedCyclesWait(run);
        clearedOnlyAfterAHealthCheck(run);
        everythingAnswered(run);
      }),
      { numRuns: RUNS },
    );
  });

  it('R4, R5, R12: no alarm is lost and nothing runs twice, whatever the binlog format, however often it is lost', () => {
    fc.assert(
      fc.property(worlds({ formats: ['row', 'minimal', 'statement'], withOutages: true }), (world) => {
        const run = playWorld(world);
        neverTwoRestartsOfOne(run);
        nothingRestartedThatWasNotRaised(run);
        nothingRestartedWhileOpen(run);
        everyRaiseSeen(run);
        noCycleBegunWhilePaused(run);
      }),
      { numRuns: RUNS },
    );
  });
});
