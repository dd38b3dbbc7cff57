import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay } from '../../domain/backoff.js';
import { MonitorError } from '../../domain/errors.js';
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
  const status = await withDeadline(timeoutMs, signal, async (ended) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'monitor_service' },
      body,
      // The token in the address is for this host only.
      redirect: 'manual',
      signal: ended,
    });
    // The body is not needed, but unread it would keep the connection open.
    await response.body?.cancel();
    return response.status;
  });
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

function toWebhookError(error: unknown, { timeoutMs, signal }: PostOptions): WebhookError {
  if (error instanceof WebhookError) return error;
  if (signal.aborted) return new WebhookError('given up, the service stops', false, { cause: error });
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new WebhookError(`no answer within ${timeoutMs / 1000} s`, true, { cause: error });
  }
  return new WebhookError(`cannot reach it: ${describeCause(error)}`, true, { cause: error });
}

/**
 * The message `fetch failed` says nothing. Its cause has a code such as ECONNREFUSED; the message of the cause may hold
 * the address.
 */
function describeCause(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string') {
    return cause.code;
  }
  return cause instanceof Error ? cause.name : 'unknown reason';
}
