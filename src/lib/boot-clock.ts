/** Microseconds since the boot, of a clock that nobody can set: an earlier run of this program had the same. */
export function microsecondsSinceBoot(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** The same in whole ms: what came first within one run of the service, and after what time, is told by it. */
export function msSinceBoot(): number {
  return Math.round(microsecondsSinceBoot() / 1000);
}

/** A time in microseconds since the boot, as ms since the epoch. */
export function toEpochMs(microseconds: number): number {
  return Date.now() - (microsecondsSinceBoot() - microseconds) / 1000;
}
