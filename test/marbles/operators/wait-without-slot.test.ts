import { describe, expect, it } from 'vitest';
import { KeyedSemaphore, type Slot } from '../../../src/operators/keyed-semaphore.js';
import { waitWithoutSlot } from '../../../src/operators/wait-without-slot.js';

interface Begun {
  readonly slot: Slot;
  readonly end: () => void;
}

function begin(semaphore: KeyedSemaphore, key: string): Promise<Begun> {
  return new Promise((resolve) => {
    semaphore.request({ key, start: (slot, end) => resolve({ slot, end }), onClosed: () => {} });
  });
}

describe('R8: waiting without a slot', () => {
  it('lets another one run, and holds its slot again before it goes on', async () => {
    const semaphore = new KeyedSemaphore(1);
    const one = await begin(semaphore, 'one');
    const waiting = waitWithoutSlot(one.slot, new AbortController().signal, Promise.resolve('over'));
    const other = await begin(semaphore, 'other');
    let isOver = false;
    const after = waiting.then((value) => {
      isOver = true;
      return value;
    });
    await Promise.resolve();
    expect([isOver, semaphore.held]).toEqual([false, 1]);
    other.end();
    expect(await after).toBe('over');
    expect(semaphore.held).toBe(1);
  });

  it('holds its slot again before it tells an error', async () => {
    const semaphore = new KeyedSemaphore(1);
    const { slot } = await begin(semaphore, 'one');
    const waiting = waitWithoutSlot(slot, new AbortController().signal, Promise.reject(new Error('lost')));
    expect(semaphore.held).toBe(0);
    await expect(waiting).rejects.toThrow('lost');
    expect(semaphore.held).toBe(1);
  });

  it('takes no slot when its cycle was left, whenever that was', async () => {
    const semaphore = new KeyedSemaphore(1);
    const one = await begin(semaphore, 'one');
    const left = new AbortController();
    const whileItWaits = waitWithoutSlot(one.slot, left.signal, Promise.resolve());
    left.abort();
    one.end();
    await expect(whileItWaits).rejects.toThrow();
    await expect(waitWithoutSlot(one.slot, left.signal, Promise.resolve())).rejects.toThrow();

    const two = await begin(semaphore, 'two');
    const leftLater = new AbortController();
    const inTheQueue = waitWithoutSlot(two.slot, leftLater.signal, Promise.resolve());
    const other = await begin(semaphore, 'other');
    await new Promise((resolve) => setImmediate(resolve));
    leftLater.abort();
    two.end();
    await expect(inTheQueue).rejects.toThrow();
    other.end();
    expect([semaphore.held, semaphore.begun]).toEqual([0, 0]);
  });
});
