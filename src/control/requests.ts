import * as z from 'zod';
import { ControlError } from './control-error.js';

const YEAR_MS = 366 * 86_400_000;

/** So that the line of the request stays far below what Node.js reads of it. */
export const STATUS_OF_AT_MOST = 400;

const processName = z.string().min(1).max(255);
/** Who sends the request, by the client's own account: only root can connect anyway. */
const by = z.string().min(1).max(100).default('somebody on the control socket');

const reset = { name: processName.exactOptional(), all: z.literal(true).exactOptional() };
const pause = {
  /** Absent: every process. */
  name: processName.exactOptional(),
  /** Absent: until somebody resumes. */
  forMs: z.number().int().positive().max(YEAR_MS).exactOptional(),
  reason: z.string().min(1).max(200).exactOptional(),
};
const resume = {
  /** Absent: ends the pause of all processes, but not those of single processes; `all` ends these too. */
  name: processName.exactOptional(),
  all: z.literal(true).exactOptional(),
  /** Ends this occurrence of the maintenance, for all its processes. */
  maintenance: z.string().min(1).max(255).exactOptional(),
};
const restart = { name: processName };

const isOneOfTwo = ({ name, all }: { name?: string; all?: true }) =>
  (name === undefined) !== (all === undefined);
const NAME_OR_ALL = 'needs either name or all';
const isAtMostOne = (parts: { name?: string; all?: true; maintenance?: string }) =>
  [parts.name, parts.all, parts.maintenance].filter((part) => part !== undefined).length <= 1;
const NONE_OR_ONE = 'needs name, all or maintenance, or none of them';

/** The body that each request on the control socket may have. */
export const RESET_REQUEST = z.strictObject({ ...reset, by }).refine(isOneOfTwo, NAME_OR_ALL);
export const PAUSE_REQUEST = z.strictObject({ ...pause, by });
export const RESUME_REQUEST = z.strictObject({ ...resume, by }).refine(isAtMostOne, NONE_OR_ONE);
export const RESTART_REQUEST = z.strictObject({ ...restart, by });
export const TEST_NOTIFICATION_REQUEST = z.strictObject({ by });

/** The same where the service itself knows who sends it. */
export const RESET_BODY = z.strictObject(reset).refine(isOneOfTwo, NAME_OR_ALL);
export const PAUSE_BODY = z.strictObject(pause);
export const RESUME_BODY = z.strictObject(resume).refine(isAtMostOne, NONE_OR_ONE);
export const RESTART_BODY = z.strictObject(restart);

export type ResetRequest = z.infer<typeof RESET_REQUEST>;
export type PauseRequest = z.infer<typeof PAUSE_REQUEST>;
export type ResumeRequest = z.infer<typeof RESUME_REQUEST>;
export type RestartRequest = z.infer<typeof RESTART_REQUEST>;

/**
 * The process_ids of `GET /status?process=1,2`; undefined without it.
 *
 * @throws ControlError
 */
export function parseStatusQuery(query: URLSearchParams): ReadonlySet<number> | undefined {
  const list = query.get('process');
  if (list === null) return undefined;
  const words = list.split(',');
  const isAllowed = words.length <= STATUS_OF_AT_MOST && words.every((word) => /^-?\d{1,16}$/.test(word));
  if (isAllowed) return new Set(words.map(Number));
  throw new ControlError(
    400,
    `process: needs at most ${STATUS_OF_AT_MOST} process_ids with commas between them`,
  );
}

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
