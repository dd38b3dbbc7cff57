import { describe, expect, it } from 'vitest';
import { countFlapping } from '../../faults/audit/judge-breakers.js';
import { describeViolations, reportTable } from '../../faults/audit/report.js';
import { runLab } from '../../faults/run-lab.js';
import { oneServerKind, rowServerKinds } from '../../support/service/server-kinds.js';

/** The long form is `npm run test:faults`; this one shows that all of it works, in seconds. */
const FAULTS = 12;
const SEED = 7;
const SHORT = {
  seed: SEED,
  faults: FAULTS,
  forMs: 15_000,
  pace: 0.35,
  raisers: 3,
  onFault: () => {},
} as const;

// Side by side: most of the time they wait.
describe.concurrent.each(rowServerKinds())('the fault lab, short form, $name', (kind) => {
  it(`R1–R13: ${FAULTS} faults of seed ${SEED}: nothing lost, nothing unanswered, nothing restarted without need`, async () => {
    const result = await runLab({ ...SHORT, kind, pauseMs: 300 });
    expect(result.audit.violations, `${reportTable(result)}\n${describeViolations(result)}`).toEqual([]);
    expect(result.audit.answered).toBeGreaterThan(0);
    expect(result.injected.filter(({ failed }) => failed === undefined).length).toBeGreaterThan(0);
  }, 180_000);
});

// What flaps is not restarted any more: with every fault, and whatever the service forgets and remembers meanwhile.
describe.concurrent.each(oneServerKind())('the fault lab with max_restarts, short form, $name', (kind) => {
  it('R34, R9: breakers open, and nothing is restarted while one is open', async () => {
    const result = await runLab({ ...SHORT, kind, pauseMs: 200, maxRestarts: 2 });
    expect(result.audit.violations, `${reportTable(result)}\n${describeViolations(result)}`).toEqual([]);
    expect(countFlapping(result.evidence)).toBeGreaterThan(0);
    expect(result.audit.answered).toBeGreaterThan(0);
  }, 180_000);
});
