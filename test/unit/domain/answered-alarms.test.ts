import { describe, expect, it } from 'vitest';
import { AnsweredAlarms } from '../../../src/domain/answered-alarms.js';

describe('answered alarms that stay raised', () => {
  it('R3: a SELECT that began before the answer does not prove the alarm gone', () => {
    const answered = new AnsweredAlarms();
    answered.add(7, 10);
    answered.keepOnly(new Set(), 9);
    expect(answered.snapshot()).toEqual([7]);
    answered.keepOnly(new Set(), 11);
    expect(answered.snapshot()).toEqual([]);
  });

  it('what an earlier run answered is gone when the first reading does not have it', () => {
    const answered = new AnsweredAlarms([7, 8]);
    answered.keepOnly(new Set([8]), 1);
    expect(answered.snapshot()).toEqual([8]);
  });
});
