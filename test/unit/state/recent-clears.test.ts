import { describe, expect, it } from 'vitest';
import type { CycleEventData } from '../../../src/domain/cycle/cycle-event.js';
import type { DatabaseServer } from '../../../src/domain/database-server.js';
import { RecentClears } from '../../../src/state/recent-clears.js';

const MINUTE = 60_000;
const SERVER: DatabaseServer = {
  place: 'db1:3306',
  identity: 'one',
  instance: 'one',
  serverId: 1,
  hostname: 'db1',
  mayWrite: true,
  hasQuorum: true,
};
const OTHER: DatabaseServer = { ...SERVER, identity: 'two' };

function move(recent: RecentClears, wasHeardAt: number): void {
  recent.onServerChange({ was: SERVER, now: OTHER, isOther: true, wasHeardAt });
}

function clears() {
  const recent = new RecentClears();
  const tell = (processId: number, at: number, data: CycleEventData): void =>
    recent.onEvent({ processId, processName: `p${processId}`, at, ...data });
  const clear = (processId: number, at: number): void =>
    tell(processId, at, { type: 'cleared', changed: true, notes: '', tookMs: 1 });
  return { recent, tell, clear };
}

describe('clears that another server may not know', () => {
  it('R37: are those of the last minute before the change', () => {
    const { recent, clear } = clears();
    clear(1, 0);
    clear(2, 1);
    expect(recent.isDoubtful(2)).toBe(false);
    move(recent, MINUTE + 1);
    expect([recent.isDoubtful(1), recent.isDoubtful(2)]).toEqual([false, true]);
  });

  it('R37: are those of the last minute in which the old server answered, however long no server could be used', () => {
    const { recent, clear } = clears();
    clear(1, 0);
    clear(2, MINUTE);
    // Promoted ten minutes later; the old one last answered here.
    move(recent, MINUTE + 1);
    clear(3, 11 * MINUTE);
    expect([1, 2, 3].map((id) => recent.isDoubtful(id))).toEqual([false, true, false]);
  });

  it('R37: count from the latest clear of a process', () => {
    const { recent, clear } = clears();
    clear(1, 0);
    clear(2, 5);
    clear(1, MINUTE);
    move(recent, MINUTE + 10);
    expect([recent.isDoubtful(1), recent.isDoubtful(2)]).toEqual([true, false]);
  });

  it('R37: are no longer doubtful where the new server shows the clear, or a health check has decided', () => {
    const { recent, tell, clear } = clears();
    for (const id of [1, 2, 3]) clear(id, 10);
    move(recent, 20);
    recent.onPage({ isGone: (processId) => processId === 1 });
    const alarm = {
      processId: 2,
      notes: null,
      trigger: 'poll',
      raised: false,
      seenAt: 0,
      steadyAt: 0,
      causeSeq: 1,
      readSeq: 1,
    } as const;
    tell(2, 30, { type: 'rechecked', alarm, healthy: false, detail: 'dead' });
    expect([1, 2, 3].map((id) => recent.isDoubtful(id))).toEqual([false, false, true]);
  });
});

describe('R11, R37: clears of an earlier run', () => {
  const AT = 10 * MINUTE;
  const first = (identity: string) => ({ now: { ...SERVER, identity }, isOther: true });
  function laterRun(startedAt: number, identity: string): RecentClears {
    const { recent, clear } = clears();
    recent.onServerChange(first('one'));
    clear(1, AT - 2 * MINUTE);
    clear(2, AT);
    const later = new RecentClears(recent.snapshot(), startedAt);
    later.onServerChange(first(identity));
    return later;
  }

  it('are in doubt where the service finds another server than that run, if they are of its last minute', () => {
    const recent = laterRun(AT + 5 * MINUTE, 'two');
    expect([recent.isDoubtful(1), recent.isDoubtful(2)]).toEqual([false, true]);
  });

  it('are not on the same server, but a later change of it still finds them', () => {
    const recent = laterRun(AT + 1000, 'one');
    expect(recent.isDoubtful(2)).toBe(false);
    move(recent, AT + 2000);
    expect(recent.isDoubtful(2)).toBe(true);
  });

  it('are forgotten when the service was away for ten minutes, or the process_id is another process', () => {
    expect(laterRun(AT + 10 * MINUTE, 'two').isDoubtful(2)).toBe(false);
    const recent = laterRun(AT, 'two');
    recent.forget(2);
    expect(recent.isDoubtful(2)).toBe(false);
  });

  it('are not in doubt where no run before has found a server', () => {
    const recent = new RecentClears({ clearedAt: new Map([[1, AT]]) }, AT);
    recent.onServerChange(first('two'));
    expect(recent.isDoubtful(1)).toBe(false);
  });
});
