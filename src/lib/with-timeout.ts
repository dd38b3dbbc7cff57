/** The error for work that took longer than its caller wants to wait. */
export class TimedOutError extends Error {
  constructor(limitMs: number) {
    super(`no answer within ${limitMs / 1000} s`);
    this.name = 'TimedOutError';
  }
}

/**
 * Resolves to the result of the work if it comes within `limitMs`. Otherwise the work continues, and its result is
 * ignored.
 *
 * @throws TimedOutError after `limitMs`, or what the work throws before.
 */
export async function withTimeout<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOutError(limitMs)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
