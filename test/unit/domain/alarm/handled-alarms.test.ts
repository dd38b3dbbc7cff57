import { describe, expect, it } from 'vitest';
import { HandledAlarms } from '../../../../src/domain/alarm/handled-alarms.js';

describe('answered alarms that stay raised', () => {
  it('R3: a SELECT that began before the answer does not prove the alarm gone', () => {
    const answered = new HandledAlarms();
    answered.add(7, 10);
    answered.forgetGone(() => true, 9);
    expect(answered.snapshot()).toEqual([7]);
    answered.forgetGone(() => true, 11);
    expect(answered.snapshot()).toEqual([]);
  });

  it('R3: a SELECT that began together with the answer does not prove it gone either', () => {
    const answered = new HandledAlarms();
    answered.add(7, 10);
    answered.forgetGone(() => true, 10);
    expect(answered.snapshot()).toEqual([7]);
  });

  it('R11: one that was taken back is none that must survive a restart of the service', () => {
    const answered = new HandledAlarms([7, 8]);
    answered.lower(7, 1000);
    expect(answered.snapshot()).toEqual([8]);
    expect([answered.has(7), answered.has(8)]).toEqual([false, true]);
  });

  it('tells of each change, and of nothing else', () => {
    const answered = new HandledAlarms();
    let told = 0;
    answered.onChange(() => {
      told += 1;
    });
    answered.lower(7, 1000);
    answered.remove(7);
    answered.forgetGone(() => true, 5);
    expect(told).toBe(0);
    answered.add(7, 10);
    answered.lower(7, 1000);
    answered.remove(7);
    expect(told).toBe(3);
  });

  it('what an earlier run answered is gone when the first reading does not have it', () => {
    const answered = new HandledAlarms([7, 8]);
    answered.forgetGone((id) => id !== 8, 1);
    expect(answered.snapshot()).toEqual([8]);
  });
});
