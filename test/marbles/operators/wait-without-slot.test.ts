import { describe, expect, it } from 'vitest';
import { RestartSlots, type Slot } from '../../../src/operators/restart-slots.js';
import { waitWithoutSlot } from '../../../src/operators/wait-without-slot.js';

interface Begun {
  readonly slot: Slot;
  readonly end: () => void;
}

function begin(slots: RestartSlots, key: string): Promise<Begun> {
  return new Promise((resolve) => {
    slots.request({ key, start: (slot, end) => resolve({ slot, end }), onClosed: () => {} });
  });
}

describe('R8: waiting without a slot', () => {
  it('lets another one run, and holds its slot again before it goes on', async () => {
    const slots = new RestartSlots(1);
    const one = await begin(slots, 'one');
    const waiting = waitWithoutSlot(one.slot, new AbortController().signal, Promise.resolve('over'));
    const other = await begin(slots, 'other');
    let isOver = false;
    const after = waiting.then((value) => {
      isOver = true;
      return value;
    });
    await Promise.resolve();
    expect([isOver, slots.held]).toEqual([false, 1]);
    other.end();
    expect(await after).toBe('over');
    expect(slots.held).toBe(1);
  });

  it('asks for its slot only when the wait is over', async () => {
    const slots = new RestartSlots(1);
    const { slot } = await begin(slots, 'one');
    let endWait = (): void => {};
    const wait = new Promise<void>((resolve) => {
      endWait = resolve;
    });
    const waiting = waitWithoutSlot(slot, new AbortController().signal, wait);
    await new Promise((over) => setImmediate(over));
    expect(slots.held).toBe(0);
    endWait();
    await waiting;
    expect(slots.held).toBe(1);
  });

  it('holds its slot again before it tells an error', async () => {
    const slots = new RestartSlots(1);
    const { slot } = await begin(slots, 'one');
    const waiting = waitWithoutSlot(slot, new AbortController().signal, Promise.reject(new Error('lost')));
    expect(slots.held).toBe(0);
    await expect(waiting).rejects.toThrow('lost');
    expect(slots.held).toBe(1);
  });

  it('takes no slot when its cycle was left, whenever that was', async () => {
    const slots = new RestartSlots(1);
    const one = await begin(slots, 'one');
    const left = new AbortController();
    const whileItWaits = waitWithoutSlot(one.slot, left.signal, Promise.resolve());
    left.abort();
    one.end();
    await expect(whileItWaits).rejects.toThrow();
    await expect(waitWithoutSlot(one.slot, left.signal, Promise.resolve())).rejects.toThrow();

    const two = await begin(slots, 'two');
    const leftLater = new AbortController();
    const inTheQueue = waitWithoutSlot(two.slot, leftLater.signal, Promise.resolve());
    const other = await begin(slots, 'other');
    await new Promise((resolve) => setImmediate(resolve));
    leftLater.abort();
    two.end();
    await expect(inTheQueue).rejects.toThrow();
    other.end();
    expect([slots.held, slots.begun]).toEqual([0, 0]);
  });

  it('R13: hears what it waited for fail when its cycle was left before: else the process would end', async () => {
    const unheard: unknown[] = [];
    const listen = (error: unknown): void => void unheard.push(error);
    process.on('unhandledRejection', listen);
    try {
      const { slot } = await begin(new RestartSlots(1), 'one');
      const left = AbortSignal.abort(new Error('left'));
      let fail = (_error: Error): void => {};
      const waiting = new Promise<void>((_, reject) => {
        fail = reject;
      });
      await expect(waitWithoutSlot(slot, left, waiting)).rejects.toThrow('left');
      fail(new Error('/proc cannot be read'));
      // It is told after the promises of this turn.
      await new Promise((resolve) => setImmediate(resolve));
      expect(unheard).toEqual([]);
    } finally {
      process.off('unhandledRejection', listen);
    }
  });
});
