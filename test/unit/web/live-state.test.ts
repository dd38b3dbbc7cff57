import { describe, expect, it } from 'vitest';
import type { ProcessRow, Snapshot } from '../../../web/model/contract.js';
import { mergeEvent, mergeRows, NOTHING_YET } from '../../../web/model/live-state.js';
import { summarize } from '../../../web/model/summarize.js';
import { snapshotOf } from './snapshot.js';

const NOW = 1_800_000_000_000;

describe('what the server tells', () => {
  it('replaces whole keys, and sets the clock', () => {
    const first = mergeEvent(NOTHING_YET, { type: 'snapshot', snapshot: snapshotOf({ at: NOW + 50 }) }, NOW);
    expect(first.clockOffsetMs).toBe(50);
    const counts = { alarms: 2, cycles: 0, breakers: 0, pauses: 0 };
    const next = mergeEvent(first, { type: 'change', change: { at: NOW + 90, counts } }, NOW + 100);
    expect(next.clockOffsetMs).toBe(-10);
    expect(next.snapshot?.counts).toEqual(counts);
    expect(next.snapshot?.stream).toBe(first.snapshot?.stream);
  });

  it('says nothing by a change before any snapshot', () => {
    expect(mergeEvent(NOTHING_YET, { type: 'change', change: { at: NOW } }, NOW)).toBe(NOTHING_YET);
  });

  it('is forgotten for a new snapshot: things may be gone', () => {
    const database = { server: 'db1', serverId: 1, hostname: 'db1', mayWrite: true, since: NOW };
    const first = mergeEvent(NOTHING_YET, { type: 'snapshot', snapshot: snapshotOf({ database }) }, NOW);
    const next = mergeEvent(first, { type: 'snapshot', snapshot: snapshotOf({}) }, NOW);
    expect(next.snapshot?.database).toBeUndefined();
  });
});

describe('rows that changed', () => {
  const row = (processId: number, state: ProcessRow['state'] = 'normal'): ProcessRow => ({
    processId,
    processName: `p${processId}`,
    state,
  });

  it('replace those that are shown, in their place', () => {
    expect(mergeRows([row(1), row(2), row(3)], [row(3, 'alarm'), row(9), row(1, 'paused')])).toEqual([
      row(1, 'paused'),
      row(2),
      row(3, 'alarm'),
    ]);
  });

  it('leave the list as it is if none of them is shown', () => {
    const shown = [row(1)];
    expect(mergeRows(shown, [row(2)])).toBe(shown);
  });
});

describe('the summary', () => {
  const text = (more: Partial<Snapshot>) => summarize(snapshotOf(more)).text;

  it('says that all is quiet only if alarms would be seen', () => {
    expect(summarize(snapshotOf({}))).toEqual({ mark: 'ok', text: 'All quiet. No alarm is raised.' });
    expect(text({ stream: { state: 'polling', since: NOW, pollingEveryMs: 1000 } })).toMatch(/polled/);
    expect(summarize(snapshotOf({ table: { isKnown: true, problem: 'gone' } })).mark).toBe('bad');
    expect(summarize(snapshotOf({ table: { isKnown: false } })).mark).toBe('bad');
    expect(text({ service: { ...snapshotOf({}).service, isStopping: true } })).toMatch(/stopping/);
  });

  it('counts what is done about alarms, the work first', () => {
    const alarm = (activity: Snapshot['alarms'][number]['activity'], processId: number) => ({
      processId,
      processName: 'p',
      since: NOW,
      activity,
    });
    const alarms = [
      alarm({ kind: 'paused' }, 1),
      alarm({ kind: 'cycle', step: 'verifying', since: NOW, trigger: 'binlog' }, 2),
      alarm({ kind: 'pending' }, 3),
    ];
    const counts = { alarms: 3, cycles: 1, breakers: 0, pauses: 1 };
    expect(summarize(snapshotOf({ alarms, counts }))).toEqual({
      mark: 'warn',
      text: '3 alarms are raised: 1 at work, 1 waiting, 1 paused.',
    });
    expect(text({ alarms, counts: { ...counts, alarms: 10_000 } })).toBe('10,000 alarms are raised.');
  });
});
