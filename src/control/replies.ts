import * as z from 'zod';

/** The answers of the service. The commands parse them by the same schemas. */
export const FAILURE = z.object({ error: z.string(), remedy: z.string().exactOptional() });

export const PAUSE = z.object({
  processName: z.string().exactOptional(),
  processIds: z.array(z.number()).readonly().exactOptional(),
  since: z.number(),
  until: z.number().exactOptional(),
  by: z.string(),
  /** Name of the maintenance that it belongs to. */
  maintenance: z.string().exactOptional(),
  reason: z.string().exactOptional(),
});

export const RESET_REPLY = z.object({
  /** Processes whose breaker was not closed or had counted failures. */
  reset: z.array(z.string()),
});

export const PAUSE_REPLY = z.object({
  pause: PAUSE,
  /** What else the administrator should know. */
  warnings: z.array(z.string()),
});

export const RESUME_REPLY = z.object({
  ended: z.array(PAUSE),
  /** The pauses still in effect. */
  left: z.array(PAUSE),
});

export const RELOAD_REPLY = z.union([
  z.object({ isTaken: z.literal(true) }),
  /** Every fault of the file, a line each. */
  z.object({ isTaken: z.literal(false), problem: z.string() }),
]);

/** The lines of the answer to a restart: the events, then how the restart ended. */
export const RESTART_LINE = z.union([
  z.object({ at: z.number(), type: z.string(), level: z.string(), message: z.string() }),
  z.object({ verified: z.boolean(), message: z.string(), remedy: z.string().exactOptional() }),
]);

/** How a test notification went, a line for each channel. */
export const TEST_DELIVERY = z.object({
  channel: z.enum(['command', 'webhook']),
  delivered: z.boolean(),
  /** Why it was not. */
  reason: z.string().exactOptional(),
  tookMs: z.number(),
});

export type ResetReply = z.infer<typeof RESET_REPLY>;
export type PauseReply = z.infer<typeof PAUSE_REPLY>;
export type ResumeReply = z.infer<typeof RESUME_REPLY>;
export type ReloadReply = z.infer<typeof RELOAD_REPLY>;
export type RestartLine = z.infer<typeof RESTART_LINE>;
export type TestDelivery = z.infer<typeof TEST_DELIVERY>;
