import { expect, it } from 'vitest';
import { jittered } from '../../../src/domain/jitter.js';

it('an interval is never longer than it says, and at most a tenth shorter', () => {
  expect(jittered(1000, () => 0)).toBe(900);
  expect(jittered(1000, () => 0.5)).toBe(950);
  expect(jittered(1000, () => 1)).toBe(1000);
});
