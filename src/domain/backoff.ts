export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Ms to wait before try number `failures + 1`: doubles from `firstMs` up to `maxMs`, of which a random half is taken
 * off, so that clients that failed together do not return together. `random` gives [0, 1).
 */
export function backoffDelay(failures: number, { firstMs, maxMs }: Backoff, random: () => number): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
