import * as z from 'zod';
import { PAUSE } from '../../control/replies.js';
import { STATUS_REPORT } from '../../control/status-report.js';
import { HISTORY_ENTRY } from './past.js';
import { ACTIVITY, BREAKER, PROCESS_ROW } from './processes.js';

const { stream, database, counts, maintenance, hanging, totals } = STATUS_REPORT.shape;
const process = { processId: z.number(), processName: z.string() };

/** What the page shows first. `U`: absent, or empty, without a login. */
const SNAPSHOT = z.object({
  /** The clock of the service. */
  at: z.number(),
  access: z.enum(['public', 'user']),
  user: z.string().exactOptional(),
  service: z.object({
    version: z.string(),
    /** U. The name of the host. */
    host: z.string().exactOptional(),
    startedAt: z.number(),
    isStopping: z.boolean(),
    /** The last reload was refused; `problem` is U. */
    refusedConfig: z.object({ at: z.number(), problem: z.string().exactOptional() }).exactOptional(),
  }),
  /** `reason` and `server` are U. */
  stream: stream.omit({ lastSignAt: true }),
  database,
  /** `problem` says no more than that there is one without a login. */
  table: z.object({ isKnown: z.boolean(), problem: z.string().exactOptional() }),
  counts: counts.unwrap().extend({ pauses: z.number() }),
  /** The first 100. */
  alarms: z.array(z.object({ ...process, since: z.number(), activity: ACTIVITY })),
  breakers: z.array(BREAKER.extend(process)),
  /** U */
  pauses: z.array(PAUSE),
  /** `reason` is U. */
  maintenance: maintenance.unwrap(),
  /** U */
  hanging: hanging.unwrap(),
  totals,
});

/** The data of each server-sent event of GET /api/live, by its name. */
export const LIVE_EVENTS = {
  snapshot: SNAPSHOT,
  /** The keys of the snapshot that changed, each whole. */
  change: SNAPSHOT.partial(),
  /** Processes that changed; `isCut`: more than these. */
  rows: z.object({ rows: z.array(PROCESS_ROW), isCut: z.boolean() }),
  /** U. Cycles that have ended, the newest last. */
  cycles: z.object({ entries: z.array(HISTORY_ENTRY), isCut: z.boolean() }),
  /** Every 15 s. */
  beat: z.object({ at: z.number() }),
  /** The service ends the stream. */
  bye: z.object({ reason: z.enum(['stopping', 'session-over']) }),
} as const;

export type Snapshot = z.infer<typeof SNAPSHOT>;
export type LiveEventName = keyof typeof LIVE_EVENTS;
