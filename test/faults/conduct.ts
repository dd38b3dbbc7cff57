import { setTimeout as delay } from 'node:timers/promises';
import { BINLOG_FAULTS } from './injections/binlog.js';
import { DAEMON_FAULTS } from './injections/daemon.js';
import type { Injection } from './injections/injection.js';
import { NETWORK_FAULTS } from './injections/network.js';
import { SERVER_FAULTS } from './injections/server.js';
import { TABLE_FAULTS } from './injections/table.js';
import type { Lab } from './scene/lab.js';

/** One fault that was made. */
export interface Injected {
  readonly number: number;
  readonly name: string;
  /** Ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Why it could not be made. */
  readonly failed?: string;
}

/** Faults of one lane follow each other, those of different lanes fall together. */
interface Lane {
  readonly name: string;
  readonly faults: readonly Injection[];
  /** Longest pause after a fault, ms. */
  readonly pauseMs: number;
}

const LANES: readonly Lane[] = [
  { name: 'network', faults: NETWORK_FAULTS, pauseMs: 2500 },
  { name: 'server', faults: [...SERVER_FAULTS, ...BINLOG_FAULTS, ...TABLE_FAULTS], pauseMs: 1200 },
  // Long enough for the service to find its feet between two of them, most of the time.
  { name: 'daemon', faults: DAEMON_FAULTS, pauseMs: 12_000 },
];

interface Conducting {
  readonly faults: number;
  /** No fault is begun after this time, ms since the epoch. */
  readonly until: number;
  readonly onFault: (fault: Injected) => void;
}

/** Makes so many faults at random, in lanes side by side; each lane follows a schedule of its own from the seed. */
export async function conduct(
  lab: Lab,
  { faults, until, onFault }: Conducting,
): Promise<readonly Injected[]> {
  const made: Injected[] = [];
  let begun = 0;
  const play = async ({ name: lane, faults: kinds, pauseMs }: Lane): Promise<void> => {
    const random = lab.random.fork(`lane ${lane}`);
    await delay(random.between(0, pauseMs) * lab.pace);
    while (begun < faults && Date.now() < until) {
      begun += 1;
      const number = begun;
      const kind = random.pickWeighted(kinds);
      const from = Date.now();
      // A schedule of its own, so that what one fault draws does not move those that follow.
      const failed = await kind.inject(lab, random.fork(`fault ${number}`)).then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (kind.cutsOff) lab.keeper.pauses.push({ from, to: Date.now(), what: 'cut off' });
      const fault = { number, name: kind.name, from, to: Date.now(), ...(failed && { failed }) };
      made.push(fault);
      onFault(fault);
      await delay(random.between(0, pauseMs) * lab.pace);
    }
  };
  await Promise.all(LANES.map(play));
  return made.toSorted((a, b) => a.number - b.number);
}
