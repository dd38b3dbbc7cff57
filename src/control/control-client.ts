import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { MonitorError } from '../domain/errors.js';
import { parseJson } from '../lib/parse-json.js';
import { FAILURE } from './replies.js';

/** Longer than the service itself waits for its database, ms. */
const ANSWER_TIMEOUT_MS = 20_000;

/**
 * `absent`: nobody listens; `forbidden`: this user may not; `invalid`: the request can never be carried out; `refused`:
 * not now, or unknown; `broken`: anything else.
 */
export type ControlFailure = 'absent' | 'forbidden' | 'invalid' | 'refused' | 'broken';

/** A request on the control socket failed. */
export class ControlClientError extends MonitorError {
  readonly retryable = false;

  constructor(
    readonly failure: ControlFailure,
    message: string,
    options: { remedy?: string; cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/**
 * Sends a request to the running service and parses its answer by `schema`.
 *
 * @throws ControlClientError
 */
export async function askService<T>(
  socket: string,
  method: 'GET' | 'POST',
  path: string,
  body: object | undefined,
  schema: z.ZodType<T>,
): Promise<T> {
  const response = await send(socket, method, path, body);
  const answer = await within(response, socket, text(response));
  if (response.statusCode !== 200) throw toRefusal(answer, response.statusCode);
  return parse(answer, schema);
}

/**
 * Does the same for an answer that arrives line by line, which has no deadline once it has begun.
 *
 * @throws ControlClientError
 */
export async function* followService<T>(
  socket: string,
  path: string,
  body: object,
  schema: z.ZodType<T>,
): AsyncGenerator<T, void> {
  const response = await send(socket, 'POST', path, body);
  if (response.statusCode !== 200) {
    throw toRefusal(await within(response, socket, text(response)), response.statusCode);
  }
  for await (const line of readLines(response)) yield parse(line, schema);
}

/** An incomplete answer ends like a complete one: the reader recognises the last line by its content. */
async function* readLines(response: IncomingMessage): AsyncGenerator<string, void> {
  response.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of response) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch {
    // Cut off.
  }
}

function send(
  socket: string,
  method: string,
  path: string,
  body: object | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const content = body === undefined ? '' : JSON.stringify(body);
    const asking: ClientRequest = httpRequest({
      socketPath: socket,
      method,
      path,
      agent: false,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) },
    });
    const timer = setTimeout(() => asking.destroy(silent(socket)), ANSWER_TIMEOUT_MS);
    asking.on('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    asking.on('error', (error) => {
      clearTimeout(timer);
      reject(error instanceof ControlClientError ? error : toFailure(error, socket));
    });
    // After an answer of status 101 there is no error.
    asking.on('close', () => {
      clearTimeout(timer);
      reject(toFailure(new Error('it was closed without an answer'), socket));
    });
    asking.end(content);
  });
}

async function within<T>(response: IncomingMessage, socket: string, reading: Promise<T>): Promise<T> {
  const timer = setTimeout(() => response.destroy(silent(socket)), ANSWER_TIMEOUT_MS);
  try {
    return await reading;
  } catch (error) {
    throw error instanceof ControlClientError ? error : toFailure(error, socket);
  } finally {
    clearTimeout(timer);
  }
}

function silent(socket: string): ControlClientError {
  const message = `the service does not answer on ${socket} within ${ANSWER_TIMEOUT_MS / 1000} s`;
  return new ControlClientError('broken', message, { remedy: 'look at systemctl status monitor_service' });
}

function toFailure(error: unknown, socket: string): ControlClientError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const options = { cause: error };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENOTSOCK':
    case 'ECONNREFUSED':
      return new ControlClientError('absent', `monitor_service is not running: nobody listens on ${socket}`, {
        ...options,
        remedy: 'start it with systemctl start monitor_service',
      });
    case 'EACCES':
    case 'EPERM':
      return new ControlClientError('forbidden', `this user has no access to ${socket}`, {
        ...options,
        remedy: 'run the command with sudo',
      });
    default: {
      const reason = error instanceof Error ? error.message : String(error);
      return new ControlClientError('broken', `the connection to the service failed: ${reason}`, options);
    }
  }
}

function toRefusal(answer: string, status: number | undefined): ControlClientError {
  const parsed = FAILURE.safeParse(parseJson(answer));
  if (!parsed.success) return new ControlClientError('broken', `the service answers with status ${status}`);
  const { error, remedy } = parsed.data;
  const isInvalid = status === 400 || status === 413;
  return new ControlClientError(
    isInvalid ? 'invalid' : 'refused',
    error,
    remedy === undefined ? {} : { remedy },
  );
}

function parse<T>(answer: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(answer));
  if (parsed.success) return parsed.data;
  throw new ControlClientError('broken', 'this command does not understand the answer of the service', {
    remedy: 'the service may be of another version: restart it with systemctl restart monitor_service',
    cause: parsed.error,
  });
}
