import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PauseBetweenWrites } from '../../../src/state/pause-between-writes.js';

describe('the pause between two writes of the state file', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<[string, (pause: PauseBetweenWrites) => void, boolean]>([
    ['lasts its time', () => {}, false],
    ['does not begin if it was ended while the write ran', (pause) => pause.end(), true],
    ['lasts its time if the end was asked for before the write began', endThenWrite, false],
  ])('%s', async (_, happen, isOver) => {
    const pause = new PauseBetweenWrites();
    pause.writeBegins();
    happen(pause);
    expect(await isOverWithin(pause.wait(1000), 999)).toBe(isOver);
  });

  it('ends when it is ended', async () => {
    const pause = new PauseBetweenWrites();
    const waiting = pause.wait(1000);
    pause.end();
    expect(await isOverWithin(waiting, 0)).toBe(true);
  });
});

function endThenWrite(pause: PauseBetweenWrites): void {
  pause.end();
  pause.writeBegins();
}

async function isOverWithin(pause: Promise<void>, ms: number): Promise<boolean> {
  let isOver = false;
  void pause.then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(ms);
  return isOver;
}
