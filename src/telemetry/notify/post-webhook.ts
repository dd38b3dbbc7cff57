import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay } from '../../domain/backoff.js';
import { MonitorError } from '../../domain/errors.js';

interface PostOptions {
  /** Deadline of each try, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const TRIES = 3;
const BACKOFF = { firstMs: 1000, maxMs: 10_000 };

/** What became of a webhook; names no address, for that may hold a token (R24). */
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
 * Posts JSON, up to three times with a pause between them. Resolves when the other side has taken it, with any status
 * of 200 to 299.
 *
 * @throws WebhookError with what the last try met.
 */
export async function postWebhook(url: string, body: string, options: PostOptions): Promise<void> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await post(url, body, options);
    } catch (error) {
      const failure = toWebhookError(error, options);
      if (!failure.retryable || failures === TRIES || options.signal.aborted) throw failure;
    }
    // Its rejection is that of the signal: the next try would end at once too.
    await delay(backoffDelay(failures, BACKOFF, Math.random), undefined, { signal: options.signal }).catch(
      () => {},
    );
  }
}

async function post(url: string, body: string, { timeoutMs, signal }: PostOptions): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'monitor_service' },
    body,
    // The token in the address is meant for this host alone.
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  // The answer's text is of no interest; left unread it would hold the connection.
  await response.body?.cancel();
  const { status } = response;
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    const remedy = 'give webhook in [notify] the address that it leads to';
    throw new WebhookError(`it answers with a redirect (status ${status}), which is not followed`, false, {
      remedy,
    });
  }
  // Too many requests, a time-out, a server in trouble: these pass.
  const retryable = status >= 500 || status === 429 || status === 408;
  throw new WebhookError(
    `it answers with status ${status}`,
    retryable,
    retryable ? {} : { remedy: 'check webhook in [notify]' },
  );
}

function toWebhookError(error: unknown, { timeoutMs, signal }: PostOptions): WebhookError {
  if (error instanceof WebhookError) return error;
  if (signal.aborted) return new WebhookError('given up, the service ends', false, { cause: error });
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new WebhookError(`no answer within ${timeoutMs / 1000} s`, true, { cause: error });
  }
  return new WebhookError(`it cannot be reached: ${describeCause(error)}`, true, { cause: error });
}

/** `fetch failed` says nothing; its cause has a code such as ECONNREFUSED, and its message may hold the address. */
function describeCause(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string') {
    return cause.code;
  }
  return cause instanceof Error ? cause.name : 'unknown reason';
}
