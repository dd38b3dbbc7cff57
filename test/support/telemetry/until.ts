import { setTimeout as delay } from 'node:timers/promises';

/** Waits for what sends no event. Throws, naming it, when it does not come about in 60 s. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await delay(5);
  }
}
