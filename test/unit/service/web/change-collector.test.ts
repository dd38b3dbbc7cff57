import { expect, it } from 'vitest';
import { ChangeCollector } from '../../../../src/service/web/change-collector.js';
import type { ProcessRows } from '../../../../src/service/web/process-rows.js';

it('sends the row of a process whose alarm somebody has lowered, without a cycle', () => {
  let pokes = 0;
  const collector = new ChangeCollector({
    reportStatus: () => Promise.reject(new Error('nobody asks')),
    rows: {} as ProcessRows,
    nameOf: (processId) => `p${processId}`,
    onChange: () => {
      pokes += 1;
    },
  });
  collector.onAlarmChange(1);
  collector.watch(true);
  collector.onAlarmChange(2);
  expect(collector.takeChanges()).toMatchObject({ processIds: [2], isCut: false });
  expect(pokes).toBe(1);
});
