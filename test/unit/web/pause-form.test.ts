import { describe, expect, it } from 'vitest';
import { readPauseForm } from '../../../web/model/pause-form.js';

describe('the form of a pause', () => {
  it('means the time that is chosen', () => {
    expect(readPauseForm({ span: '1h', other: '', reason: ' new disks ' })).toEqual({
      forMs: 3_600_000,
      reason: 'new disks',
    });
  });

  it('means the time that is written, if there is one', () => {
    expect(readPauseForm({ span: '1h', other: '1h 30m', reason: '' })).toEqual({ forMs: 5_400_000 });
  });

  it('has no end if none is chosen', () => {
    expect(readPauseForm({ span: '', other: '', reason: '' })).toEqual({});
  });

  it.each(['soon', '90', '-1h', '400d', '1h1'])('takes no %s', (other) => {
    expect(readPauseForm({ span: '1h', other, reason: '' })).toEqual({
      problem: expect.stringContaining(other),
    });
  });
});
