import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay } from '../../domain/backoff.js';
import { MonitorError } from '../../domain/errors.js';
import { trustedContext } from '../../lib/system-certificates.js';
import { withDeadline } from '../../lib/with-deadline.js';

interface PostOptions {
  /** Deadline of each try, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const TRIES = 3;
const BACKOFF = { firstMs: 1000, maxMs: 10_000 };

/** Why a webhook failed. Does not name the address, which may hold a token (R24). */
export class WebhookError extends MonitorError {
  constructor(
    message: string,
    readonly retryable: boolean,
    options: { remedy?: string; cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/**
 * Posts JSON, up to three times with a pause between them. Resolves when the receiver answers with a status from 200 to
 * 299.
 *
 * @throws WebhookError with the failure of the last try.
 */
export async function postWebhook(url: string, body: string, options: PostOptions): Promise<void> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await post(url, body, options);
    } catch (error) {
      const failure = toWebhookError(error, options);
      if (!failure.retryable || failures === TRIES || options.signal.aborted) throw failure;
    }
    // An abort rejects it: the next try then ends at once too.
    await delay(backoffDelay(failures, BACKOFF, Math.random), undefined, { signal: options.signal }).catch(
      () => {},
    );
  }
}

async function post(url: string, body: string, { timeoutMs, signal }: PostOptions): Promise<void> {
  const status = await withDeadline(timeoutMs, signal, (ended) => send(url, body, ended));
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    const remedy = 'set webhook in [notify] to the target of the redirect';
    throw new WebhookError(`the answer is a redirect (status ${status}), which is not followed`, false, {
      remedy,
    });
  }
  // Too many requests, a time-out, an error of the server: these are temporary.
  const retryable = status >= 500 || status === 429 || status === 408;
  throw new WebhookError(
    `the answer has status ${status}`,
    retryable,
    retryable ? {} : { remedy: 'check webhook in [notify]' },
  );
}

/** Not by `fetch`, which would know Node's own CAs only. Follows no redirect: the token in the address is for this host only. */
function send(url: string, body: string, signal: AbortSignal): Promise<number> {
  const isHttps = new URL(url).protocol === 'https:';
  const secureContext = isHttps ? trustedContext() : undefined;
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      agent: false,
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'monitor_service',
        Connection: 'close',
      },
      signal,
      ...(secureContext && { secureContext }),
    } as const;
    const onAnswer = (answer: IncomingMessage): void => {
      resolve(answer.statusCode ?? 0);
      // The body is not needed.
      answer.destroy();
    };
    const request = isHttps ? requestHttps(url, options, onAnswer) : requestHttp(url, options, onAnswer);
    // Stays attached: an error after the answer must not end the process.
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    // After an answer of status 101 there is no error, and the signal would find nothing left to end.
    request.on('close', () => reject(new WebhookError('it closes the connection without an answer', true)));
    request.end(body);
  });
}

function toWebhookError(error: unknown, { timeoutMs, signal }: PostOptions): WebhookError {
  if (error instanceof WebhookError) return error;
  if (signal.aborted) return new WebhookError('given up, the service stops', false, { cause: error });
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new WebhookError(`no answer within ${timeoutMs / 1000} s`, true, { cause: error });
  }
  return new WebhookError(`cannot reach it: ${describeCause(error)}`, true, { cause: error });
}

/** Its code, such as ECONNREFUSED: the message may hold the address. */
function describeCause(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown reason';
}
