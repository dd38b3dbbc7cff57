import * as z from 'zod';
import type { Breaker } from '../domain/cycle/circuit-breaker.js';
import type { EndedRun } from '../domain/cycle/maintenance.js';
import type { Pause } from '../domain/cycle/pause.js';
import type { OwedRestart } from './owed-restarts.js';
import type { SavedClears } from './recent-clears.js';

/** What survives a restart of the service (R11). Keys are process_ids. */
export interface SavedState {
  readonly breakers: ReadonlyMap<number, Breaker>;
  /** When the restarts that count for `max_restarts` (R34) began, by system name; ms since the epoch, oldest first. */
  readonly restarts: ReadonlyMap<string, readonly number[]>;
  /** Processes that were verified healthy but whose alarm may not have been cleared yet; ms since the epoch. */
  readonly verified: ReadonlyMap<number, number>;
  /** Processes that were restarted and not proven to go on running (R30); ms since the epoch. */
  readonly unproven: ReadonlyMap<number, number>;
  /** Those of administrators; maintenance follows from the clock. */
  readonly pauses: readonly Pause[];
  /** The maintenance that administrators have ended early. */
  readonly endedRuns: readonly EndedRun[];
  /** Processes whose alarm was handled and left raised (`acknowledge = none`). */
  readonly answered: readonly number[];
  /** There were more of them than are saved. */
  readonly answeredIsCut: boolean;
  /** Processes whose alarm was cleared, perhaps together with a new one; ms since the epoch. */
  readonly unconfirmed: ReadonlyMap<number, number>;
  /** Restarts that `restart_with` demands and that have no verdict yet (R35). */
  readonly owed: readonly OwedRestart[];
  /** The clears that a server may lack which is promoted while the service is away (R37). */
  readonly recentClears: SavedClears;
  /** The name of the process that each of these process_ids stood for. */
  readonly names: ReadonlyMap<number, string>;
}

export const EMPTY_STATE: SavedState = {
  breakers: new Map(),
  restarts: new Map(),
  verified: new Map(),
  unproven: new Map(),
  pauses: [],
  endedRuns: [],
  answered: [],
  answeredIsCut: false,
  unconfirmed: new Map(),
  owed: [],
  recentClears: { clearedAt: new Map() },
  names: new Map(),
};

/** How many entries of each kind are saved, so that no write is as long as the table. */
export const MAX_SAVED = 10_000;
const VERSION = 1;

const whole = z.number().int().nonnegative();
/** Ms since the epoch, of which a Date can be made. */
const time = whole.max(8.64e15);
// Files of older versions do not count openings, and know no flapping.
const openings = whole.default(1);
const breaker = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('closed'),
    generation: whole,
    failures: whole,
    relapse: z.object({ openings: whole, at: time }).exactOptional(),
  }),
  z.object({
    state: z.literal('open'),
    generation: whole,
    failures: whole,
    openings,
    openedAt: time,
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
const restarted = z.object({ systemName: z.string(), at: z.array(time) });
const owed = z.object({ processName: z.string(), with: z.string(), since: time });
const pause = z.object({
  processName: z.string().exactOptional(),
  processIds: z.array(z.number().int()).exactOptional(),
  since: time,
  until: time.exactOptional(),
  by: z.string(),
  reason: z.string().exactOptional(),
});
const endedRun = z.object({
  maintenance: z.string(),
  since: time,
  until: time,
  processName: z.string().exactOptional(),
});
/**
 * The keys of the file are those of its first version, so that every later version reads it (R11). Files of older versions
 * lack some of them. The entries are read one by one: a bad one costs no other.
 */
const file = z.object({
  version: z.literal(VERSION),
  circuits: z.unknown().optional(),
  restarts: z.unknown().optional(),
  verified: z.unknown().optional(),
  unproven: z.unknown().optional(),
  // A list, not keyed by name: names are hostile, and `__proto__` would not be an ordinary key.
  pauses: z.unknown().optional(),
  maintenanceEnded: z.unknown().optional(),
  answered: z.unknown().optional(),
  answeredIsCut: z.unknown().optional(),
  unsettled: z.unknown().optional(),
  restartWith: z.unknown().optional(),
  server: z.unknown().optional(),
  cleared: z.unknown().optional(),
  names: z.unknown().optional(),
});

/** The text of the state file. Of each kind at most MAX_SAVED entries are in it. */
export function formatState(saved: SavedState): string {
  const { breakers, restarts, verified, unproven, pauses, endedRuns } = saved;
  const { answered, answeredIsCut, unconfirmed, owed, recentClears, names } = saved;
  const state = {
    version: VERSION,
    circuits: toRecord(breakers),
    restarts: [...restarts].slice(-MAX_SAVED).map(([systemName, at]) => ({ systemName, at })),
    verified: toRecord(verified),
    unproven: toRecord(unproven),
    pauses,
    maintenanceEnded: endedRuns,
    answered: answered.slice(0, MAX_SAVED),
    ...(((answeredIsCut && answered.length > 0) || answered.length > MAX_SAVED) && { answeredIsCut: true }),
    unsettled: toRecord(unconfirmed),
    restartWith: owed.slice(0, MAX_SAVED),
    ...(recentClears.server !== undefined && { server: recentClears.server }),
    cleared: toRecord(recentClears.clearedAt),
    names: Object.fromEntries(names),
  };
  return `${JSON.stringify(state, null, 2)}\n`;
}

function toRecord<T>(saved: ReadonlyMap<number, T>): Record<string, T> {
  return Object.fromEntries([...saved].slice(0, MAX_SAVED));
}

/**
 * The state, and the entries that could not be read, such as `circuits.x`.
 *
 * @throws SyntaxError or ZodError for a file that this version cannot read.
 */
export function parseState(text: string): {
  readonly state: SavedState;
  readonly unreadable: readonly string[];
} {
  const saved = file.parse(JSON.parse(text));
  const unreadable: string[] = [];
  const read = <T>(section: string, key: string, value: unknown, schema: z.ZodType<T>): T[] => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) unreadable.push(`${section}.${key}`);
    return parsed.success ? [parsed.data] : [];
  };
  const byProcess = <T>(section: string, saved: unknown, schema: z.ZodType<T>): Map<number, T> =>
    new Map(
      entriesOf(section, saved, unreadable).flatMap(([key, value]) => {
        const id = toProcessId(key);
        if (id === undefined) unreadable.push(`${section}.${key}`);
        return id === undefined
          ? []
          : read(section, key, value, schema).map((entry): [number, T] => [id, entry]);
      }),
    );
  const list = <T>(section: string, saved: unknown, schema: z.ZodType<T>): T[] =>
    entriesOf(section, saved, unreadable).flatMap(([key, value]) => read(section, key, value, schema));
  const breakers = byProcess('circuits', saved.circuits, breaker);
  const restarts = list('restarts', saved.restarts, restarted);
  return {
    state: {
      breakers: new Map([...breakers].map(([id, found]) => [id, forgetTrial(found)])),
      restarts: new Map(restarts.map(({ systemName, at }) => [systemName, at])),
      verified: byProcess('verified', saved.verified, time),
      unproven: byProcess('unproven', saved.unproven, time),
      pauses: list('pauses', saved.pauses, pause),
      endedRuns: list('maintenanceEnded', saved.maintenanceEnded, endedRun),
      answered: list('answered', saved.answered, z.number().int()),
      answeredIsCut: saved.answeredIsCut === true,
      unconfirmed: byProcess('unsettled', saved.unsettled, time),
      owed: list('restartWith', saved.restartWith, owed),
      recentClears: {
        ...(typeof saved.server === 'string' && { server: saved.server }),
        clearedAt: byProcess('cleared', saved.cleared, time),
      },
      names: byProcess('names', saved.names, z.string()),
    },
    unreadable,
  };
}

/** The entries of an object or a list; none if the section is missing. */
function entriesOf(section: string, saved: unknown, unreadable: string[]): [string, unknown][] {
  if (typeof saved === 'object' && saved !== null) return Object.entries(saved);
  if (saved !== undefined) unreadable.push(section);
  return [];
}

/** Undefined if it is not written as a number, or would be rounded to the process_id of another process. */
function toProcessId(key: string): number | undefined {
  const id = Number(key);
  return Number.isSafeInteger(id) && String(id) === key ? id : undefined;
}

// The cycle of the half-open breaker ended with the service; another one may run.
function forgetTrial(saved: Breaker): Breaker {
  return saved.state === 'half-open' ? { ...saved, onTrial: false } : saved;
}
