import { expect, it } from 'vitest';
import { TimedOutError, withTimeout } from '../../../src/lib/with-timeout.js';

it('withTimeout hands on the result or the failure of work that ends in time', async () => {
  expect(await withTimeout(60_000, Promise.resolve('done'))).toBe('done');
  await expect(withTimeout(60_000, Promise.reject(new Error('no such table')))).rejects.toThrow(
    'no such table',
  );
});

it('withTimeout gives up in time, and the failure of the work afterwards is nobody’s', async () => {
  let fail = (_error: Error): void => {};
  const work = new Promise((_, reject) => {
    fail = reject;
  });
  const outcome = withTimeout(5, work);
  await expect(outcome).rejects.toThrow(TimedOutError);
  await expect(outcome).rejects.toThrow('no answer within 0.005 s');
  fail(new Error('too late to matter'));
  // An unhandled rejection would fail this test.
  await new Promise((resolve) => setImmediate(resolve));
});
