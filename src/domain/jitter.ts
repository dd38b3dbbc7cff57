/** How much of an interval may be taken off, so that many hosts do not ask one server at the same moment. */
const SHARE = 0.1;

/** Returns the interval, less up to a tenth of it at random. `random` returns a number in [0, 1); 1 takes nothing off. */
export function jittered(ms: number, random: () => number): number {
  return Math.round(ms * (1 - SHARE + SHARE * random()));
}
