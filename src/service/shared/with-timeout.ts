import { MonitorError } from '../../domain/errors.js';

/** Something took longer than whoever asked wants to wait; it goes on unheard. */
export class TimedOutError extends MonitorError {
  readonly retryable = true;
}

/**
 * The result of the work, where it comes in time.
 *
 * @throws TimedOutError after `limitMs`; what the work itself throws.
 */
export async function withTimeout<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOutError(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
