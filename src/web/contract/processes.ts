import * as z from 'zod';
import { CYCLE_VERDICTS } from '../../domain/cycle/cycle-record.js';

/** Times are ms since the epoch, durations ms. `U`: absent without a login. Keys may be added; none changes its meaning. */
const FLAPPING = z.object({ restarts: z.number(), withinMs: z.number() });

/** What a process in alarm is doing this moment. */
export const ACTIVITY = z.discriminatedUnion('kind', [
  /** A cycle runs. In step `waiting` without `waitsFor` it waits for a slot. */
  z.object({
    kind: z.literal('cycle'),
    step: z.string(),
    since: z.number(),
    trigger: z.string(),
    attempt: z.number().exactOptional(),
    maxAttempts: z.number().exactOptional(),
    /** U */
    problem: z.string().exactOptional(),
    waitsFor: z
      .array(z.object({ processName: z.string(), reason: z.string().exactOptional() }))
      .exactOptional(),
  }),
  z.object({
    kind: z.literal('paused'),
    until: z.number().exactOptional(),
    /** U, as reason. */
    by: z.string().exactOptional(),
    reason: z.string().exactOptional(),
    maintenance: z.string().exactOptional(),
  }),
  z.object({
    kind: z.literal('breaker-open'),
    retryAt: z.number(),
    failures: z.number(),
    flapping: FLAPPING.exactOptional(),
  }),
  /** Handled, and left raised in the table (`acknowledge = none`). */
  z.object({ kind: z.literal('answered') }),
  /** Never restarted under this name. */
  z.object({ kind: z.literal('refused'), message: z.string().exactOptional() }),
  z.object({ kind: z.literal('excluded') }),
  /** The last cycle failed; the next one begins at the next `check_interval`. */
  z.object({ kind: z.literal('failed'), at: z.number(), message: z.string().exactOptional() }),
  /** No cycle has begun yet. */
  z.object({ kind: z.literal('pending') }),
]);

export const BREAKER = z.object({
  state: z.enum(['closed', 'open', 'half-open']),
  failures: z.number(),
  /** When an open breaker becomes half-open. */
  retryAt: z.number().exactOptional(),
  flapping: FLAPPING.exactOptional(),
});

const STRIP_CYCLE = z.object({
  at: z.number(),
  verdict: z.enum(CYCLE_VERDICTS),
  durationMs: z.number(),
  reactionMs: z.number().exactOptional(),
});

export const PROCESS_ROW = z.object({
  processId: z.number(),
  processName: z.string(),
  /** `alarm`: raised, and nothing runs; `working`: a cycle runs. */
  state: z.enum(['normal', 'alarm', 'working', 'paused', 'breaker-open']),
  alarmSince: z.number().exactOptional(),
  activity: ACTIVITY.exactOptional(),
  lastOutcome: z
    .object({
      at: z.number(),
      outcome: z.enum(['verified', 'healthy', 'failed', 'refused', 'withdrawn']),
      /** U */
      message: z.string().exactOptional(),
    })
    .exactOptional(),
  breaker: BREAKER.exactOptional(),
  /** Restarts within the last `restart_window`; `allowed` of them open the breaker, 0: any number. */
  restarts: z.object({ count: z.number(), allowed: z.number(), withinMs: z.number() }).exactOptional(),
  /** U. The last cycles, at most 20, the oldest first. */
  strip: z.array(STRIP_CYCLE).exactOptional(),
});

const PROCESS_FILTERS = ['all', 'alarm', 'trouble', 'paused'] as const;

export const PROCESSES_QUERY = z.object({
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** A part of a name, in any case. */
  search: z.string().max(255).default(''),
  /** `alarm`: raised, whatever is done about it; `trouble`: everything that is not normal. */
  state: z.enum(PROCESS_FILTERS).default('all'),
  sort: z.enum(['state', 'name']).default('state'),
});

export const PROCESS_PAGE = z.object({
  /** How many processes there are, and how many are meant. */
  total: z.number(),
  matching: z.number(),
  /** How many there are for each `state`, within the search. */
  counts: z.record(z.enum(PROCESS_FILTERS), z.number()),
  offset: z.number(),
  rows: z.array(PROCESS_ROW),
  /** The table cannot be read: only processes that the service knows are listed. */
  problem: z.string().exactOptional(),
  /** There are more than the service lists. */
  isCut: z.boolean(),
});

export const PROCESS_QUERY = z.object({ id: z.coerce.number().int() });

/** U, all of it. */
export const PROCESS_DETAIL = z.object({
  row: PROCESS_ROW,
  notes: z.string().nullable(),
  sound: z.number().nullable(),
  /** Whether there is a section [process.NAME]. */
  hasSection: z.boolean(),
  /** The settings in force, as in config.ini; secrets are masked. */
  settings: z.array(z.object({ key: z.string(), value: z.string(), isDefault: z.boolean() })),
  /** Why it is never restarted. */
  refusal: z.string().exactOptional(),
  /** What happened lately, since the service started: the oldest first. */
  events: z.array(z.object({ at: z.number(), type: z.string(), level: z.string(), message: z.string() })),
});

export type ProcessFilter = (typeof PROCESS_FILTERS)[number];
export type Activity = z.infer<typeof ACTIVITY>;
export type ProcessRow = z.infer<typeof PROCESS_ROW>;
export type ProcessesQuery = z.infer<typeof PROCESSES_QUERY>;
export type ProcessPage = z.infer<typeof PROCESS_PAGE>;
export type ProcessDetail = z.infer<typeof PROCESS_DETAIL>;
export type StripCycle = z.infer<typeof STRIP_CYCLE>;
