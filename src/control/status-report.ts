import * as z from 'zod';
import { PAUSE } from './replies.js';

/** Times are ms since the epoch, durations ms. Keys may be added; none changes its meaning. */
const process = { processId: z.number(), processName: z.string() };

const CYCLE_STEPS = [
  'looking-up',
  'checking',
  'waiting',
  'pre-restart',
  'restarting',
  'verifying',
  'pausing',
  'writing',
] as const;

/** Longer lists are cut: nobody reads them, and the answer must come at once. */
export const LISTED_AT_MOST = 1000;

const run = z.object({ since: z.number(), until: z.number() });

const MAINTENANCE = z.object({
  name: z.string(),
  schedule: z.string(),
  /** Absent: all processes. */
  processes: z.array(z.string()).exactOptional(),
  reason: z.string().exactOptional(),
  /** The occurrence that runs by the clock. */
  running: run.exactOptional(),
  /** The one that begins next. */
  next: run.exactOptional(),
});

export const STATUS_REPORT = z.object({
  service: z.object({
    version: z.string(),
    pid: z.number(),
    startedAt: z.number(),
    configFile: z.string(),
    /** The last reload was refused; the configuration before it is still in use. */
    refusedConfig: z.object({ at: z.number(), problem: z.string() }).exactOptional(),
    isStopping: z.boolean(),
  }),
  stream: z.object({
    state: z.enum(['streaming', 'polling', 'connecting']),
    since: z.number(),
    /** Why it is not streaming. */
    reason: z.string().exactOptional(),
    /** The server, if it has been reached. */
    server: z.string().exactOptional(),
    pollingEveryMs: z.number(),
    /** When the last change or statement of our table arrived. */
    lastEventAt: z.number().exactOptional(),
    /** When the last bytes arrived, of an event or a heartbeat. */
    lastSignAt: z.number().exactOptional(),
    /** The relay that it comes from, and how far that is behind the primary, ms. */
    relay: z.object({ server: z.string(), lagMs: z.number() }).exactOptional(),
  }),
  /** The database server that is used, or was last; absent before one has answered. */
  database: z
    .object({
      /** Where it is reached: an address of the list, or a Unix socket. */
      server: z.string(),
      serverId: z.number(),
      hostname: z.string(),
      mayWrite: z.boolean(),
      since: z.number(),
      /** The server before it. */
      was: z.object({ server: z.string(), serverId: z.number() }).exactOptional(),
    })
    .exactOptional(),
  table: z.object({
    /** Why the table cannot be read. */
    problem: z.string().exactOptional(),
    /** Whether the table has been read at all. */
    isKnown: z.boolean(),
  }),
  /** How many there are in all. The lists of the same names have only the first LISTED_AT_MOST of them. */
  counts: z.object({ alarms: z.number(), cycles: z.number(), breakers: z.number() }).exactOptional(),
  alarms: z.array(
    z.object({
      ...process,
      since: z.number(),
      /** The alarm stays raised because the service does not write to the table (`acknowledge = none`). */
      isAnswered: z.boolean(),
    }),
  ),
  cycles: z.array(
    z.object({
      ...process,
      trigger: z.string(),
      since: z.number(),
      step: z.enum(CYCLE_STEPS),
      attempt: z.number().exactOptional(),
      maxAttempts: z.number().exactOptional(),
      /** What delays it, such as a database that rejects the write. */
      problem: z.string().exactOptional(),
      /** The processes whose alarms are handled first; `reason`: why no cycle handles this one now. */
      waitsFor: z
        .array(z.object({ processName: z.string(), reason: z.string().exactOptional() }))
        .exactOptional(),
    }),
  ),
  /** Breakers that are not closed or have counted failures. */
  breakers: z.array(
    z.object({
      ...process,
      state: z.enum(['closed', 'open', 'half-open']),
      failures: z.number(),
      /** When an open breaker becomes half-open. */
      retryAt: z.number().exactOptional(),
      /** Present if too many restarts opened it, and not failed cycles. */
      flapping: z.object({ restarts: z.number(), withinMs: z.number() }).exactOptional(),
    }),
  ),
  /** Restarts within the last `restart_window`, by system name; `max_restarts` of them open the breaker. */
  recentRestarts: z.array(z.object({ systemName: z.string(), restarts: z.number(), allowed: z.number() })),
  /** Those of administrators, and those of the maintenance that runs. */
  pauses: z.array(PAUSE),
  /** The sections [maintenance.NAME]. */
  maintenance: z.array(MAINTENANCE).exactOptional(),
  /** Things on this host that give no answer: a look at them waits in the kernel. Absent: none. */
  hanging: z.array(z.object({ subject: z.string(), pid: z.number(), since: z.number() })).exactOptional(),
  /** How the last cycle of each process ended, the latest first. */
  outcomes: z.array(
    z.object({
      ...process,
      at: z.number(),
      outcome: z.enum(['verified', 'healthy', 'failed', 'refused', 'withdrawn']),
      message: z.string(),
    }),
  ),
  /** Since the start of the service. */
  totals: z.object({
    verified: z.number(),
    healthy: z.number(),
    failed: z.number(),
    restarts: z.number(),
    /** From seeing an alarm to the start of its first attempt, over the latest alarms. */
    medianReactionMs: z.number().exactOptional(),
  }),
});

export type StatusReport = z.infer<typeof STATUS_REPORT>;
export type CycleStepName = (typeof CYCLE_STEPS)[number];
