import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import { StandingPage } from '../../../../src/domain/alarm/standing-page.js';
import { DisplayNames } from '../../../../src/service/table/display-names.js';
import type { LiveDatabase } from '../../../../src/service/table/live-database.js';
import { TableState } from '../../../../src/service/table/table-state.js';
import { cycleEvent } from '../../../support/streams/cycle-events.js';

const noDatabase = {} as Pick<LiveDatabase, 'current'>;

/** A state, and a reading of the whole table that ends with these alarms when it is told so. */
function tableBeingRead() {
  const table = new TableState(new DisplayNames(noDatabase));
  const reading = new Subject<StandingPage>();
  table.watch(reading).subscribe();
  const end = (...processIds: number[]): void => {
    const alarms = processIds.map((processId) => ({ processId, processName: 'alpha', notes: null }));
    reading.next(new StandingPage(alarms, { after: undefined, upTo: undefined }));
  };
  return { table, end };
}

it('shows an alarm that a reading has found', () => {
  const { table, end } = tableBeingRead();
  end(1);
  expect(table.list().map(({ processId }) => processId)).toEqual([1]);
});

it('a reading that began before the clear brings no alarm back', () => {
  const { table, end } = tableBeingRead();
  table.onEvent(cycleEvent({ type: 'cleared', changed: true, notes: 'OK', tookMs: 1 }, 1));
  end(1, 2);
  expect(table.list().map(({ processId }) => processId)).toEqual([2]);
});

it('nor does one that began before somebody else lowered the alarm', () => {
  const { table, end } = tableBeingRead();
  table.onSignal({ kind: 'lowered', lowering: { processId: 1, notes: null } });
  end(1);
  expect(table.standingAlarms).toBe(0);
});
