/** Something took longer than its caller wants to wait. */
export class TimedOutError extends Error {
  constructor(limitMs: number) {
    super(`no answer within ${limitMs / 1000} s`);
    this.name = 'TimedOutError';
  }
}

/**
 * The result of the work if it comes within `limitMs`. Else the work goes on, and what becomes of it is ignored.
 *
 * @throws TimedOutError after `limitMs`; what the work itself throws.
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
