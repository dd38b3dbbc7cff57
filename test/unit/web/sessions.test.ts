import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { isSameSecret, Sessions } from '../../../src/web/access/sessions.js';

const HOUR = 3_600_000;

describe('sessions', () => {
  let now = 0;
  let sessions: Sessions;
  beforeEach(() => {
    now = 1_000_000;
    sessions = new Sessions(() => now);
  });

  it('are found by their id alone', () => {
    const { id, session } = sessions.begin('anna', 'h');
    expect(sessions.use(id)).toBe(session);
    for (const other of ['', id.slice(1), `${id}x`, session.token])
      expect(sessions.use(other)).toBeUndefined();
  });

  it('live no longer because the clock of the host is set back', () => {
    vi.useFakeTimers({ toFake: ['Date', 'hrtime'] });
    onTestFinished(() => void vi.useRealTimers());
    const steady = new Sessions();
    const { id } = steady.begin('anna', 'h');
    vi.setSystemTime(Date.now() - 24 * HOUR);
    for (let hours = 1; hours <= 12; hours += 1) {
      vi.advanceTimersByTime(HOUR);
      expect(steady.use(id)).toBeDefined();
    }
    vi.advanceTimersByTime(1000);
    expect(steady.use(id)).toBeUndefined();
  });

  it('end two hours after their last use', () => {
    const { id, session } = sessions.begin('anna', 'h');
    for (let uses = 0; uses < 4; uses += 1) {
      now += 2 * HOUR;
      expect(sessions.use(id)).toBe(session);
    }
    now += 2 * HOUR + 1;
    expect(sessions.use(id)).toBeUndefined();
    expect(session.over.aborted).toBe(true);
  });

  it('end twelve hours after the login, however they are used', () => {
    const { session } = sessions.begin('anna', 'h');
    for (let hours = 1; hours <= 12; hours += 1) {
      now += HOUR;
      expect(sessions.isAlive(session)).toBe(true);
    }
    now += 1;
    expect(sessions.isAlive(session)).toBe(false);
    expect(session.over.aborted).toBe(true);
  });

  it('are ten for a user: the one that was not used for longest ends', () => {
    const first = sessions.begin('anna', 'h');
    const second = sessions.begin('anna', 'h');
    sessions.use(first.id);
    for (let more = 0; more < 9; more += 1) sessions.begin('anna', 'h');
    expect(sessions.use(first.id)).toBe(first.session);
    expect(sessions.use(second.id)).toBeUndefined();
    expect(second.session.over.aborted).toBe(true);
  });

  it('are a hundred in all', () => {
    const first = sessions.begin('user0', 'h');
    for (let user = 1; user < 100; user += 1) sessions.begin(`user${user}`, 'h');
    expect(sessions.use(first.id)).toBe(first.session);
    const second = sessions.begin('one more', 'h');
    expect(sessions.use(second.id)).toBe(second.session);
    const used = Array.from({ length: 3 }, (_, more) => sessions.begin(`more${more}`, 'h'));
    expect(used.every(({ id }) => sessions.use(id))).toBe(true);
  });

  it('R22: a reload ends those of users who are gone or have another hash, and no other', () => {
    const kept = sessions.begin('anna', 'a');
    const changed = sessions.begin('berta', 'b');
    const gone = sessions.begin('carla', 'c');
    const users = new Map([
      ['anna', 'a'],
      ['berta', 'other'],
    ]);
    expect(sessions.keepOnly(users)).toEqual(['berta', 'carla']);
    expect(sessions.use(kept.id)).toBe(kept.session);
    for (const { id, session } of [changed, gone]) {
      expect(sessions.use(id)).toBeUndefined();
      expect(session.over.aborted).toBe(true);
    }
  });

  it('compare secrets of any length', () => {
    expect(isSameSecret('a', 'a')).toBe(true);
    expect(isSameSecret('a', 'aa')).toBe(false);
    expect(isSameSecret('', 'a')).toBe(false);
  });
});
