import type { Figure, Unit } from '../support/result.js';
import type { GrowthResult } from './measure-growth.js';

const QUANTITIES: readonly [what: string, unit: Unit, of: (result: GrowthResult) => number][] = [
  ['reaction, p50', 'ms', ({ reactionMs }) => reactionMs],
  ['reconcile, p50', 'ms', ({ reconcileMs }) => reconcileMs],
  ['resident memory', 'MB', ({ residentMb }) => residentMb],
];

/** Each beside the first, which has the least. */
export function growthFigures(
  results: readonly GrowthResult[],
  name: (result: GrowthResult) => string,
): Figure[] {
  const [least] = results;
  if (!least) return [];
  return QUANTITIES.flatMap(([what, unit, of]) =>
    results.map(
      (result): Figure => ({
        what: `${name(result)}: ${what}`,
        unit,
        value: of(result),
        ...(result === least ? {} : { baseline: { what: name(least), value: of(least) } }),
      }),
    ),
  );
}
