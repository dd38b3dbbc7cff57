import { RestartError } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';

/** Waits for all of these, so that one that fails does not keep another from its end. Never rejects. */
export async function settleAll<T>(
  work: readonly Promise<T>[],
): Promise<{ readonly values: T[]; readonly errors: readonly unknown[] }> {
  const values: T[] = [];
  const errors: unknown[] = [];
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'fulfilled') values.push(result.value);
    else errors.push(result.reason);
  }
  return { values, errors };
}

/** One error for several. Another try makes sense if it does for one of them. */
export function joinErrors(errors: readonly unknown[]): RestartError {
  const retryable = errors.some((error) => !(error instanceof RestartError) || error.retryable);
  return new RestartError(errors.map(describeError).join('; '), retryable, { cause: errors[0] });
}
