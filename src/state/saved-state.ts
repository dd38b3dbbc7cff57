import * as z from 'zod';
import type { Breaker } from '../domain/cycle/circuit-breaker.js';
import type { Pause } from '../domain/cycle/pause.js';

/** What survives a restart of the service (R11). Keys are process_ids. */
export interface SavedState {
  readonly breakers: ReadonlyMap<number, Breaker>;
  /** When restarts began that count for `max_restarts` (R34), by system name; ms since the epoch, oldest first. */
  readonly restarts: ReadonlyMap<string, readonly number[]>;
  /** Processes that were verified healthy but whose alarm may not have been cleared yet; ms since the epoch. */
  readonly verified: ReadonlyMap<number, number>;
  /** Processes that were restarted and not proven to go on running (R30); ms since the epoch. */
  readonly unproven: ReadonlyMap<number, number>;
  readonly pauses: readonly Pause[];
  /** Processes whose alarm was handled and left raised (`acknowledge = none`). */
  readonly answered: readonly number[];
  /** Processes whose alarm was cleared, perhaps together with a new one; ms since the epoch. */
  readonly unconfirmed: ReadonlyMap<number, number>;
  /** The name of the process that each of these process_ids stood for. */
  readonly names: ReadonlyMap<number, string>;
}

export const EMPTY_STATE: SavedState = {
  breakers: new Map(),
  restarts: new Map(),
  verified: new Map(),
  unproven: new Map(),
  pauses: [],
  answered: [],
  unconfirmed: new Map(),
  names: new Map(),
};

const VERSION = 1;

const whole = z.number().int().nonnegative();
// Files of older versions do not count openings, and know no flapping.
const openings = whole.default(1);
const breaker = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('closed'),
    generation: whole,
    failures: whole,
    relapse: z.object({ openings: whole, at: whole }).exactOptional(),
  }),
  z.object({
    state: z.literal('open'),
    generation: whole,
    failures: whole,
    openings,
    openedAt: whole,
    flapping: z.object({ restarts: whole, withinMs: whole }).exactOptional(),
  }),
  z.object({
    state: z.literal('half-open'),
    generation: whole,
    failures: whole,
    openings,
    onTrial: z.boolean(),
  }),
]);
const processId = z.string().regex(/^-?\d+$/);
// A list, not keyed by name: names are hostile, and `__proto__` would not be an ordinary key.
const pause = z.object({
  processName: z.string().exactOptional(),
  processIds: z.array(z.number().int()).exactOptional(),
  since: whole,
  until: whole.exactOptional(),
  by: z.string(),
  reason: z.string().exactOptional(),
});
/** The keys of the file are those of its first version, so that every later version reads it (R11). */
const file = z.object({
  version: z.literal(VERSION),
  circuits: z.record(processId, breaker),
  restarts: z.array(z.object({ systemName: z.string(), at: z.array(whole) })).default([]),
  verified: z.record(processId, whole),
  unproven: z.record(processId, whole).default({}),
  // Files of older versions have none.
  pauses: z.array(pause).default([]),
  answered: z.array(z.number().int()).default([]),
  unsettled: z.record(processId, whole).default({}),
  names: z.record(processId, z.string()).default({}),
});

export function formatState({
  breakers,
  restarts,
  verified,
  unproven,
  pauses,
  answered,
  unconfirmed,
  names,
}: SavedState): string {
  const state = {
    version: VERSION,
    circuits: Object.fromEntries(breakers),
    restarts: [...restarts].map(([systemName, at]) => ({ systemName, at })),
    verified: Object.fromEntries(verified),
    unproven: Object.fromEntries(unproven),
    pauses,
    answered,
    unsettled: Object.fromEntries(unconfirmed),
    names: Object.fromEntries(names),
  };
  return `${JSON.stringify(state, null, 2)}\n`;
}

/** @throws SyntaxError or ZodError for a file that this version cannot read. */
export function parseState(text: string): SavedState {
  const { circuits, restarts, verified, unproven, pauses, answered, unsettled, names } = file.parse(
    JSON.parse(text),
  );
  return {
    breakers: new Map(Object.entries(circuits).map(([id, saved]) => [Number(id), forgetTrial(saved)])),
    restarts: new Map(restarts.map(({ systemName, at }) => [systemName, at])),
    verified: toTimes(verified),
    unproven: toTimes(unproven),
    pauses,
    answered,
    unconfirmed: toTimes(unsettled),
    names: new Map(Object.entries(names).map(([id, name]) => [Number(id), name])),
  };
}

function toTimes(saved: Readonly<Record<string, number>>): ReadonlyMap<number, number> {
  return new Map(Object.entries(saved).map(([id, at]) => [Number(id), at]));
}

// The cycle of the half-open breaker ended with the service; another one may run.
function forgetTrial(saved: Breaker): Breaker {
  return saved.state === 'half-open' ? { ...saved, onTrial: false } : saved;
}
