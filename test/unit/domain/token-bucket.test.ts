import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../src/domain/token-bucket.js';

function taken(bucket: TokenBucket, now: number, tries = 10): number {
  return Array.from({ length: tries }, () => bucket.take(now)).filter(Boolean).length;
}

describe('TokenBucket', () => {
  it('allows a burst, and then what has come since', () => {
    const bucket = new TokenBucket(3, 10);
    expect(taken(bucket, 1000)).toBe(3);
    expect(taken(bucket, 1050)).toBe(0);
    expect(taken(bucket, 1100)).toBe(1);
    expect(taken(bucket, 1300)).toBe(2);
  });

  it('never allows more than a burst at once', () => {
    const bucket = new TokenBucket(3, 10);
    taken(bucket, 1000);
    expect(taken(bucket, 100_000)).toBe(3);
  });

  it('goes on where the clock was set back', () => {
    const bucket = new TokenBucket(3, 10);
    taken(bucket, 1_000_000);
    expect(taken(bucket, 1000)).toBe(3);
    expect(taken(bucket, 1100)).toBe(1);
  });
});
