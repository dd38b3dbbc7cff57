import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.js';
import type { Lab } from '../scene/lab.js';

/** Lets a fault last for a random time, ms. */
export async function last({ pace }: Lab, random: Random, minMs: number, maxMs: number): Promise<void> {
  await delay(random.between(minMs, maxMs) * pace);
}
