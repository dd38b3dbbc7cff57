import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from './lab.js';
import { membersOf } from './members.js';
import type { Manner, Run } from './recorded-fleet.js';

const MOODS: readonly { readonly weight: number; readonly what: Run['what']; readonly manner: Manner }[] = [
  { weight: 5, what: 'restart', manner: { seconds: 0.5, exitCode: 0 } },
  { weight: 3, what: 'restart', manner: { seconds: 1.5, exitCode: 0 } },
  { weight: 3, what: 'restart', manner: { seconds: 0, exitCode: 3 } },
  // Longer than its deadline.
  { weight: 1, what: 'restart', manner: { seconds: 30, exitCode: 0 } },
  { weight: 3, what: 'check', manner: { seconds: 0.4, exitCode: 0 } },
  { weight: 3, what: 'check', manner: { seconds: 0, exitCode: 1 } },
  { weight: 1, what: 'check', manner: { seconds: 30, exitCode: 0 } },
];

/** Processes are slow, fail or hang for a while, now one, now the other. Returns how to end that. */
export function startMoods({ fleet, random: seed, pace }: Lab): { stop(): Promise<void> } {
  const random = seed.fork('moods');
  const members = membersOf('busy', 'quiet', 'fresh');
  let isStopped = false;
  const current = new Map<string, { readonly what: Run['what']; readonly name: string }>();
  const loop = async (): Promise<void> => {
    while (!isStopped) {
      await delay(random.between(100, 500) * pace);
      const { name } = random.pick(members);
      const { what, manner } = random.pickWeighted(MOODS);
      const key = `${what} ${name}`;
      if (current.delete(key)) await fleet.setManner(what, name, undefined);
      else {
        current.set(key, { what, name });
        await fleet.setManner(what, name, manner);
      }
      // A few at a time.
      const [oldest] = current.values();
      if (!oldest || current.size <= MOST_AT_ONCE) continue;
      current.delete(`${oldest.what} ${oldest.name}`);
      await fleet.setManner(oldest.what, oldest.name, undefined);
    }
    for (const { what, name } of current.values()) await fleet.setManner(what, name, undefined);
  };
  const ended = loop();
  return {
    async stop() {
      isStopped = true;
      await ended;
    },
  };
}

const MOST_AT_ONCE = 6;
