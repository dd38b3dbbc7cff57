import * as z from 'zod';
import { ControlError } from './control-error.js';

const YEAR_MS = 366 * 86_400_000;

const processName = z.string().min(1).max(255);
/** Who sends the request, by the client's own account: only root can connect anyway. */
const by = z.string().min(1).max(100).default('somebody on the control socket');

/** The body that each request may have. */
export const RESET_REQUEST = z
  .strictObject({ name: processName.exactOptional(), all: z.literal(true).exactOptional(), by })
  .refine(({ name, all }) => (name === undefined) !== (all === undefined), 'needs either name or all');
export const PAUSE_REQUEST = z.strictObject({
  /** Absent: every process. */
  name: processName.exactOptional(),
  /** Absent: until somebody resumes. */
  forMs: z.number().int().positive().max(YEAR_MS).exactOptional(),
  reason: z.string().min(1).max(200).exactOptional(),
  by,
});
export const RESUME_REQUEST = z
  .strictObject({
    /** Absent: ends the pause of all processes, but not those of single processes; `all` ends these too. */
    name: processName.exactOptional(),
    all: z.literal(true).exactOptional(),
    /** Ends this occurrence of the maintenance, for all its processes. */
    maintenance: z.string().min(1).max(255).exactOptional(),
    by,
  })
  .refine(
    ({ name, all, maintenance }) => [name, all, maintenance].filter((part) => part !== undefined).length <= 1,
    'needs name, all or maintenance, or none of them',
  );
export const RESTART_REQUEST = z.strictObject({ name: processName, by });

export type ResetRequest = z.infer<typeof RESET_REQUEST>;
export type PauseRequest = z.infer<typeof PAUSE_REQUEST>;
export type ResumeRequest = z.infer<typeof RESUME_REQUEST>;
export type RestartRequest = z.infer<typeof RESTART_REQUEST>;

/**
 * Parses the body of a request. No body counts as an empty object.
 *
 * @throws ControlError that names the first fault.
 */
export function parseRequest<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  throw new ControlError(400, `${path === '' ? 'the body' : path}: ${issue?.message ?? 'is not allowed'}`);
}
