import { once } from 'node:events';
import { firstValueFrom, lastValueFrom, Subject, take, takeUntil, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fromAbortable } from '../../../src/operators/from-abortable.js';

/** An effect whose answer the test gives, and the signal that it was given. */
function heldEffect() {
  let answer: (value: string) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const signals: AbortSignal[] = [];
  const effect = (signal: AbortSignal): Promise<string> => {
    signals.push(signal);
    return new Promise((resolve, reject) => {
      answer = resolve;
      fail = reject;
    });
  };
  return { effect, signals, answer: (value: string) => answer(value), fail: (error: unknown) => fail(error) };
}

describe('fromAbortable', () => {
  it('emits what the effect answers and completes', async () => {
    const values = fromAbortable(async () => 'done').pipe(toArray());
    expect(await lastValueFrom(values)).toEqual(['done']);
  });

  it('runs the effect at every subscription, and not before', async () => {
    let runs = 0;
    const effect = fromAbortable(async () => {
      runs += 1;
      return runs;
    });
    expect(runs).toBe(0);
    expect([await firstValueFrom(effect), await firstValueFrom(effect)]).toEqual([1, 2]);
  });

  it('R13: a rejection is an error of the stream', async () => {
    const fault = new Error('fault');
    await expect(lastValueFrom(fromAbortable(() => Promise.reject(fault)))).rejects.toBe(fault);
  });

  it('R13: a synchronous throw is an error of the stream as well', async () => {
    const fault = new Error('fault');
    const effect = fromAbortable((): Promise<string> => {
      throw fault;
    });
    await expect(lastValueFrom(effect)).rejects.toBe(fault);
  });

  it('R22: leaving aborts the effect; its late answer is ignored', async () => {
    const { effect, signals, answer } = heldEffect();
    const told: string[] = [];
    const subscription = fromAbortable(effect).subscribe({
      next: (value) => told.push(value),
      complete: () => told.push('completed'),
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    subscription.unsubscribe();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    answer('too late');
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(told).toEqual([]);
  });

  it('R22: an effect that rejects because it was aborted troubles nobody', async () => {
    const left = new Subject<void>();
    const ended = new EventTarget();
    const effect = fromAbortable(
      (signal) =>
        new Promise<string>((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason);
            ended.dispatchEvent(new Event('ended'));
          });
        }),
    );
    const values = lastValueFrom(effect.pipe(takeUntil(left), toArray()));
    const end = once(ended, 'ended');
    left.next();
    await end;
    expect(await values).toEqual([]);
  });

  it.each(['answered', 'failed'] as const)('an effect that has %s is not aborted afterwards', async (how) => {
    const { effect, signals, answer, fail } = heldEffect();
    const ended = new Promise<void>((resolve) => {
      fromAbortable(effect).subscribe({ complete: resolve, error: () => resolve() });
    });
    if (how === 'answered') answer('done');
    else fail(new Error('fault'));
    await ended;
    await Promise.resolve();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('an effect whose answer is taken and left is not aborted either', async () => {
    const { effect, signals, answer } = heldEffect();
    const value = lastValueFrom(fromAbortable(effect).pipe(take(1)));
    answer('done');
    expect(await value).toBe('done');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('each subscription has a signal of its own', () => {
    const { effect, signals } = heldEffect();
    const shared = fromAbortable(effect);
    const first = shared.subscribe();
    const second = shared.subscribe();
    first.unsubscribe();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    second.unsubscribe();
  });
});
