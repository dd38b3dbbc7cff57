import { of, Subject } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Alarm } from '../../../../src/domain/alarm/alarm.js';
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
  table.watch(reading).subscribe({ error: () => {} });
  const fail = (): void => reading.error(new Error('gone'));
  const end = (...processIds: number[]): void => {
    const alarms = processIds.map((processId) => ({ processId, processName: 'alpha', notes: null }));
    reading.next(new StandingPage(alarms, { after: undefined, upTo: undefined }));
  };
  return { table, end, fail };
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

describe('R3: what a reading does not tell', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('an alarm that was raised while a slow reading was under way is not gone', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const { table, end } = tableBeingRead();
    now.mockReturnValue(10);
    detect(table, 1, true);
    now.mockReturnValue(5000);
    end(2);
    expect(table.list().map(({ processId }) => processId)).toEqual([1, 2]);
  });

  it('one that a reading has shown is gone when the next one lacks it', () => {
    const { table, end } = tableBeingRead();
    end(1);
    detect(table, 1, false);
    readOnce(table, []);
    expect(table.list()).toEqual([]);
  });
});

describe('an alarm that was lowered while its cycle waited', () => {
  const pause = { processName: 'nginx', since: 0, by: 'alice' };

  it('is not shown as raised by what is told of the cycle after that', () => {
    const table = new TableState(new DisplayNames(noDatabase));
    table.onCycleBegin(ALARM);
    table.onSignal({ kind: 'lowered', lowering: { processId: 1, notes: null } });
    table.onEvent(cycleEvent({ type: 'paused', alarm: ALARM, pause }, 1));
    expect(table.list()).toEqual([]);
    table.onCycleBegin(ALARM);
    table.onEvent(cycleEvent({ type: 'paused', alarm: ALARM, pause }, 1));
    expect(table.list()).toHaveLength(1);
  });

  it('is not raised once the cycle has found that out', () => {
    const table = new TableState(new DisplayNames(noDatabase));
    detect(table, 1, false);
    table.onEvent(cycleEvent({ type: 'withdrawn' }, 1));
    expect(table.list()).toEqual([]);
  });
});

it('tells each process whose alarm it has learnt of, or that has gone, once', () => {
  const { table, end } = tableBeingRead();
  const changed: number[] = [];
  table.changed.subscribe((processId) => changed.push(processId));
  end(1, 2);
  detect(table, 1, false);
  table.onSignal({ kind: 'lowered', lowering: { processId: 1, notes: null } });
  table.onSignal({ kind: 'lowered', lowering: { processId: 3, notes: null } });
  readOnce(table, []);
  expect(changed).toEqual([1, 2, 1, 2]);
});

describe('a count of the alarms', () => {
  it('that was under way when an alarm was cleared does not leave it counted', () => {
    const table = new TableState(new DisplayNames(noDatabase));
    readOnce(table, []);
    const counting = new Subject<number>();
    table.watchCount(counting).subscribe();
    for (const id of [1, 2])
      table.onEvent(cycleEvent({ type: 'cleared', changed: true, notes: '', tookMs: 1 }, id));
    counting.next(2);
    expect(table.standingAlarms).toBe(0);
  });

  it('that fails after a later reading has succeeded says nothing of the table', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const { table, fail } = tableBeingRead();
    now.mockReturnValue(10);
    readOnce(table, []);
    fail();
    expect(table.problem).toBeUndefined();
    vi.restoreAllMocks();
  });
});

const ALARM: Alarm = {
  ...{ processId: 1, processName: 'nginx', notes: null, trigger: 'binlog', raised: true },
  ...{ seenAt: 0, steadyAt: 0, causeSeq: 1, readSeq: 1 },
};

function detect(table: TableState, processId: number, raised: boolean): void {
  const alarm = { ...ALARM, processId, raised };
  table.onCycleBegin(alarm);
  table.onEvent(cycleEvent({ type: 'detected', alarm }, processId));
}

/** A reading of the whole table that finds these alarms at once. */
function readOnce(table: TableState, processIds: readonly number[]): void {
  const alarms = processIds.map((processId) => ({ processId, processName: 'alpha', notes: null }));
  table.watch(of(new StandingPage(alarms, { after: undefined, upTo: undefined }))).subscribe();
}
