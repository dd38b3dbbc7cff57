/**
 * Runs the work with a signal that aborts after `limitMs`, with a TimeoutError, or when `signal` aborts. Not by
 * `AbortSignal.any` of `AbortSignal.timeout`: Node.js 20 may collect that timer as garbage before it has fired.
 */
export async function withDeadline<T>(
  limitMs: number,
  signal: AbortSignal,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const follow = (): void => ending.abort(signal.reason);
  const timer = setTimeout(
    () => ending.abort(new DOMException(`no answer within ${limitMs / 1000} s`, 'TimeoutError')),
    limitMs,
  );
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  }
}
