import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withDeadline } from '../../../src/lib/with-deadline.js';

const untilEnded = (ended: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = (): void => reject(ended.reason);
    if (ended.aborted) end();
    else ended.addEventListener('abort', end);
  });

it('withDeadline hands on what the work comes to, and leaves nothing at the signal', async () => {
  const { signal } = new AbortController();
  expect(await withDeadline(60_000, signal, () => Promise.resolve('done'))).toBe('done');
  await expect(withDeadline(60_000, signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('withDeadline ends the work at the deadline, or with the signal, whichever comes first', async () => {
  const abort = new AbortController();
  await expect(withDeadline(5, abort.signal, untilEnded)).rejects.toMatchObject({
    name: 'TimeoutError',
    message: 'no answer within 0.005 s',
  });
  const ending = withDeadline(60_000, abort.signal, untilEnded);
  void delay(5).then(() => abort.abort(new Error('stopped')));
  await expect(ending).rejects.toThrow('stopped');
  await expect(withDeadline(60_000, abort.signal, untilEnded)).rejects.toThrow('stopped');
});
