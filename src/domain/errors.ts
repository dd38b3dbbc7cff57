/**
 * An error that an administrator sees. The message says what is wrong, the remedy what to do next. Retryable: the same
 * call may succeed later without any change. Terminal: it will not.
 */
export abstract class MonitorError extends Error {
  abstract readonly retryable: boolean;
  readonly remedy: string | undefined;

  constructor(message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.remedy = options.remedy;
  }
}

/** What went wrong and, if known, what to do next, in one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const remedy = error instanceof MonitorError && error.remedy ? `; ${error.remedy}` : '';
  return `${error.message || error.name}${remedy}`;
}
