import type { Pause } from './daemon-keeper.js';

const EVERY_MS = 50;
const LATE_MS = 250;

/**
 * Notes when this machine had no time for us: a service beside us had none either, and was late without a fault of its
 * own. Returns how to end that.
 */
export function watchStarvation(pauses: Pause[]): () => void {
  let before = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - before > EVERY_MS + LATE_MS) pauses.push({ from: before, to: now, what: 'starved' });
    before = now;
  }, EVERY_MS);
  return () => clearInterval(timer);
}
