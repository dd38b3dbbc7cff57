import * as z from 'zod';
import { TRIGGERS } from '../domain/alarm/alarm.js';
import { CYCLE_VERDICTS, type CycleRecord } from '../domain/cycle/cycle-record.js';
import { parseJson } from '../lib/parse-json.js';
import { toPrintableJson } from '../lib/printable-json.js';

const whole = z.number().int().nonnegative();
const line = z.object({
  time: z.iso.datetime(),
  process: z.string(),
  process_id: z.number().int(),
  trigger: z.enum(TRIGGERS),
  by: z.string().exactOptional(),
  verdict: z.enum(CYCLE_VERDICTS),
  reason: z.string().exactOptional(),
  attempts: whole,
  strategy: z.enum(['service', 'process', 'custom']).exactOptional(),
  unit: z.string().exactOptional(),
  reaction_ms: whole.exactOptional(),
  duration_ms: whole,
});

/** A record as one line of the history, with its line feed. Long texts are cut: names and reasons come from outside. */
export function formatHistoryLine(record: CycleRecord): string {
  const { by, unit, reason, strategy, reactionMs } = record;
  const fields: z.infer<typeof line> = {
    time: new Date(record.seenAt).toISOString(),
    process: cut(record.processName),
    process_id: record.processId,
    trigger: record.trigger,
    ...(by === undefined ? {} : { by: cut(by) }),
    verdict: record.verdict,
    ...(reason === undefined ? {} : { reason: cut(reason) }),
    attempts: record.attempts,
    ...(strategy === undefined ? {} : { strategy }),
    ...(unit === undefined ? {} : { unit: cut(unit) }),
    ...(reactionMs === undefined ? {} : { reaction_ms: reactionMs }),
    duration_ms: record.durationMs,
  };
  return `${toPrintableJson(fields)}\n`;
}

/** Undefined for a line that a crash cut off, or that another version wrote. */
export function parseHistoryLine(text: string): CycleRecord | undefined {
  const parsed = line.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { time, process, process_id, reaction_ms, duration_ms, ...same } = parsed.data;
  return {
    ...same,
    processId: process_id,
    processName: process,
    seenAt: Date.parse(time),
    durationMs: duration_ms,
    ...(reaction_ms === undefined ? {} : { reactionMs: reaction_ms }),
  };
}

const MAX_TEXT_LENGTH = 300;

function cut(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}
