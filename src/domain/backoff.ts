export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** The delays between two tries of anything that needs the database: connecting, reading, writing. */
export const DATABASE_BACKOFF: Backoff = { firstMs: 100, maxMs: 30_000 };

/**
 * The delays between two tries of the relays of `[binlog] host`. That the table can be read again says when the server of the
 * statements is back; nothing says so of a relay, and a whole fleet is to stream again within 10 s of its start.
 */
export const RELAY_BACKOFF: Backoff = { firstMs: 100, maxMs: 10_000 };

/**
 * Returns how many ms to wait before try number `failures + 1`. The delay doubles from `firstMs` up to `maxMs`. Up to
 * half of it is taken off at random, so that clients that failed together do not return together. `random` returns a
 * number in [0, 1).
 */
export function backoffDelay(failures: number, { firstMs, maxMs }: Backoff, random: () => number): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
