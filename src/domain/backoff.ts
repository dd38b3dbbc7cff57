export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Ms to wait before try number `failures + 1`. Doubles from `firstMs` up to `maxMs`; up to half of it is taken off at
 * random, so that clients that failed together do not return together. `random` returns [0, 1).
 */
export function backoffDelay(failures: number, { firstMs, maxMs }: Backoff, random: () => number): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
