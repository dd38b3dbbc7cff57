import * as z from 'zod';
import { TRIGGERS } from '../../domain/alarm/alarm.js';
import { CYCLE_VERDICTS } from '../../domain/cycle/cycle-record.js';

/** A past cycle, as `monitor_service history` shows it. Times are ms since the epoch, durations ms. */
export const HISTORY_ENTRY = z.object({
  processId: z.number(),
  processName: z.string(),
  trigger: z.enum(TRIGGERS),
  by: z.string().exactOptional(),
  seenAt: z.number(),
  reactionMs: z.number().exactOptional(),
  durationMs: z.number(),
  attempts: z.number(),
  strategy: z.enum(['service', 'process', 'custom']).exactOptional(),
  unit: z.string().exactOptional(),
  verdict: z.enum(CYCLE_VERDICTS),
  reason: z.string().exactOptional(),
});

const time = z.coerce.number().int().min(0).max(8_640_000_000_000_000).exactOptional();

export const HISTORY_QUERY = z.object({
  /** The whole name. */
  process: z.string().max(400).exactOptional(),
  processId: z.coerce.number().int().exactOptional(),
  /** One, or several with commas. */
  verdict: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(CYCLE_VERDICTS)))
    .exactOptional(),
  trigger: z.enum(TRIGGERS).exactOptional(),
  by: z.string().max(400).exactOptional(),
  since: time,
  until: time,
  offset: z.coerce.number().int().min(0).max(10_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export const HISTORY_PAGE = z.object({
  /** The newest first. */
  entries: z.array(HISTORY_ENTRY),
  offset: z.number(),
  hasMore: z.boolean(),
});

/** Columns of the last 24 hours, the oldest first. */
export const CHARTS = z.object({
  bucketMs: z.number(),
  /** When each bucket begins, seconds since the epoch. */
  times: z.array(z.number()),
  alarms: z.array(z.number()),
  restarted: z.array(z.number()),
  failed: z.array(z.number()),
  /** From seeing an alarm until its restart began; null if there was none. */
  reactionP50Ms: z.array(z.number().nullable()),
  reactionP95Ms: z.array(z.number().nullable()),
});

export type HistoryEntry = z.infer<typeof HISTORY_ENTRY>;
export type HistoryQuery = z.infer<typeof HISTORY_QUERY>;
export type HistoryPage = z.infer<typeof HISTORY_PAGE>;
export type Charts = z.infer<typeof CHARTS>;
