import fc from 'fast-check';
import type { BinlogFormat } from './simulated-table.js';

/** After this all effects are healthy and nobody raises or lowers anything. */
export const QUIET_FROM_MS = 200_000;
export const IDS = [1, 2, 3, 4, 5];

/** The first two are the same daemon under two names. */
export function systemNameOf(id: number): string {
  return id <= 2 ? 'same' : `p${id}`;
}

export type Deed =
  | {
      readonly kind: 'raise' | 'raise-silently' | 'lower' | 'crash' | 'pause';
      readonly at: number;
      readonly id: number;
    }
  | { readonly kind: 'reconcile' | 'possible' | 'hidden' | 'outage'; readonly at: number };

export interface World {
  readonly format: BinlogFormat;
  readonly deeds: readonly Deed[];
  readonly maxParallel: number;
  readonly capacity: { readonly page: number; readonly fromTable: number; readonly total: number };
  readonly maxFailures: number;
  /** Drawn from in turn by the effects of each kind. */
  readonly restarts: readonly { readonly takesMs: number; readonly ends: 'well' | 'badly' | 'for good' }[];
  readonly stableForMs: number;
  readonly runs: readonly { readonly endsAfterMs?: number; readonly toldBy: 'restart' | 'look' | 'nobody' }[];
  readonly checks: readonly { readonly takesMs: number; readonly lies: boolean }[];
  readonly writes: readonly { readonly takesMs: number; readonly ends: 'well' | 'refused' | 'lost' }[];
  readonly readsMs: readonly number[];
  readonly canRead: readonly boolean[];
  readonly eventsMs: readonly number[];
  readonly visibleMs: readonly number[];
}

/** Any schedule of what tools, daemons and the database do to the service. */
export function worlds({
  formats,
  withOutages,
}: {
  formats: readonly BinlogFormat[];
  withOutages: boolean;
}): fc.Arbitrary<World> {
  const at = fc.integer({ min: 0, max: QUIET_FROM_MS - 5000 });
  const id = fc.constantFrom(...IDS, 3, 3, 3);
  const deed: fc.Arbitrary<Deed> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constantFrom('raise' as const, 'raise-silently' as const), at, id }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom('lower' as const, 'crash' as const), at, id }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), at, id }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          'reconcile' as const,
          'possible' as const,
          'hidden' as const,
          ...(withOutages ? ['outage' as const] : []),
        ),
        at,
      }),
    },
  );
  // What is hard to get right needs deeds of one process within some ms of each other.
  const burst = fc
    .record({
      at,
      id,
      steps: fc.array(
        fc.record({
          kind: fc.constantFrom(
            'again' as const,
            'again' as const,
            'raise' as const,
            'lower' as const,
            'crash' as const,
            'pause' as const,
          ),
          afterMs: fc.constantFrom(0, 1, 3, 10, 40, 300, 600),
        }),
        { minLength: 2, maxLength: 7 },
      ),
    })
    .map(({ at: begin, id: processId, steps }): Deed[] => {
      let time = begin;
      const later = steps.flatMap(({ kind, afterMs }): Deed[] => {
        time += afterMs;
        if (kind !== 'again') return [{ kind, at: time, id: processId }];
        return [
          { kind: 'lower', at: time, id: processId },
          { kind: 'raise-silently', at: time + 2, id: processId },
        ];
      });
      return [{ kind: 'raise', at: begin, id: processId }, ...later];
    });
  const deeds = fc
    .tuple(fc.array(burst, { maxLength: 5 }), fc.array(deed, { maxLength: 15 }))
    .map(([bursts, single]) => [...bursts.flat(), ...single]);
  const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(arbitrary, { maxLength: 7 });
  return fc.record({
    format: fc.constantFrom(...formats),
    deeds,
    maxParallel: fc.integer({ min: 1, max: 3 }),
    // As in a service with a million alarms: hardly any of them fits.
    capacity: fc.constantFrom(
      { page: 500, fromTable: 2000, total: 4000 },
      { page: 500, fromTable: 2000, total: 4000 },
      { page: 1, fromTable: 1, total: 1 },
      { page: 1, fromTable: 2, total: 3 },
      { page: 2, fromTable: 2, total: 4 },
    ),
    maxFailures: fc.integer({ min: 1, max: 3 }),
    restarts: some(
      fc.record({
        takesMs: fc.constantFrom(0, 10, 10, 50, 2500, 9000),
        ends: fc.constantFrom('well' as const, 'well' as const, 'badly' as const, 'for good' as const),
      }),
    ),
    stableForMs: fc.constantFrom(0, 0, 500, 3000),
    runs: some(
      fc.record(
        {
          endsAfterMs: fc.constantFrom(0, 200, 2000),
          toldBy: fc.constantFrom('restart' as const, 'look' as const, 'nobody' as const),
        },
        { requiredKeys: ['toldBy'] },
      ),
    ),
    checks: some(fc.record({ takesMs: fc.constantFrom(1, 20, 700), lies: fc.boolean() })),
    writes: some(
      fc.record({
        takesMs: fc.constantFrom(2, 1000, 1000),
        ends: fc.constantFrom('well' as const, 'well' as const, 'refused' as const, 'lost' as const),
      }),
    ),
    readsMs: some(fc.constantFrom(1, 2, 30)),
    canRead: some(fc.constantFrom(true, true, false)),
    eventsMs: some(fc.constantFrom(0, 1, 5, 60)),
    visibleMs: some(fc.constantFrom(0, 3, 11)),
  });
}
