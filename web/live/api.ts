import type { RestartLine } from '../../src/control/replies.js';

/** No answer of the service takes longer, ms: it waits up to 10 s for its database. */
const ANSWER_TIMEOUT_MS = 20_000;

/** A request that did not do what was asked. */
export class ApiError extends Error {
  constructor(
    /** The HTTP status; 0: there was no answer. */
    readonly status: number,
    message: string,
    readonly remedy?: string,
    /** When another try makes sense, s. */
    readonly retryAfterS?: number,
  ) {
    super(message);
  }
}

/** @throws ApiError */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const deadline = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const response = await send(path, { signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
  return await parse<T>(response);
}

/**
 * @param token of the session; a login has none yet.
 * @throws ApiError
 */
export async function post<T>(path: string, body: object, token?: string): Promise<T> {
  const response = await sendBody(path, body, token, AbortSignal.timeout(ANSWER_TIMEOUT_MS));
  return await parse<T>(response);
}

/**
 * An action that tells what it does line by line, for as long as it takes.
 *
 * @returns the last line.
 * @throws ApiError
 */
export async function postLines(
  path: string,
  body: object,
  token: string | undefined,
  onLine: (line: RestartLine) => void,
): Promise<RestartLine> {
  const response = await sendBody(path, body, token);
  let last: RestartLine | undefined;
  for await (const text of linesOf(response)) {
    last = JSON.parse(text) as RestartLine;
    onLine(last);
  }
  if (!last) throw new ApiError(0, 'the service ended its answer before it was complete');
  return last;
}

async function sendBody(
  path: string,
  body: object,
  token: string | undefined,
  signal?: AbortSignal,
): Promise<Response> {
  return await send(path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { 'X-CSRF-Token': token }),
    },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'the service does not answer');
  }
  if (response.ok) return response;
  const { error, remedy } = await readFailure(response);
  const after = Number(response.headers.get('Retry-After') ?? Number.NaN);
  throw new ApiError(response.status, error, remedy, Number.isFinite(after) ? after : undefined);
}

async function readFailure(response: Response): Promise<{ error: string; remedy?: string }> {
  try {
    return (await response.json()) as { error: string; remedy?: string };
  } catch {
    return { error: `the service answers with status ${response.status}` };
  }
}

async function parse<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError(0, 'the answer of the service is not complete');
  }
}

async function* linesOf(response: Response): AsyncGenerator<string, void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (reader) {
    const { done, value } = await reader.read().catch(() => {
      throw new ApiError(0, 'the connection was lost, the action goes on');
    });
    if (done) return;
    const lines = `${rest}${value}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}
