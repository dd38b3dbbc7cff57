/** CLOCK_MONOTONIC, ms: the same in all processes of this machine, and never set. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
