import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import type { Flavour } from '../../support/server-programs.js';
import type { Random } from '../random.js';
import type { Traffic } from '../scene/traffic.js';
import type { Commits } from './commits.js';
import { RaiserSession } from './raiser-session.js';
import { WAYS } from './ways.js';

interface RaiserOptions {
  /** A connection of its own, straight to the server. */
  readonly connect: () => Promise<Connection>;
  readonly random: Random;
  readonly commits: Commits;
  readonly traffic: Traffic;
  readonly flavour: Flavour;
  readonly directory: string;
  /** Mean pause between two transactions, ms. */
  readonly pauseMs: number;
}

export interface Raiser {
  /** What was done, and what the server refused, by way. */
  readonly counts: ReadonlyMap<string, { done: number; failed: number; lastError?: string }>;
  /** Resolves when the last transaction is over. */
  stop(): Promise<void>;
}

/** After an error of the connection, ms. */
const RECONNECT_MS = 100;

/** Changes alarms in every way that SQL offers, until it is stopped. The server may fail it at any time. */
export function startRaiser(options: RaiserOptions): Raiser {
  const { random, traffic } = options;
  const counts = new Map<string, { done: number; failed: number; lastError?: string }>();
  let isStopped = false;
  let connection: Connection | undefined;

  const raiseOnce = async (): Promise<void> => {
    const way = random.pickWeighted(WAYS);
    const count = counts.get(way.name) ?? { done: 0, failed: 0 };
    counts.set(way.name, count);
    try {
      connection ??= await options.connect();
      await way.run(new RaiserSession({ ...options, connection }), way.name);
      count.done += 1;
    } catch (error) {
      count.failed += 1;
      count.lastError = String(error);
      // What the session was in the middle of is over, and its settings are gone.
      connection?.destroy();
      connection = undefined;
      await delay(RECONNECT_MS);
    }
  };
  const loop = async (): Promise<void> => {
    while (!isStopped) {
      await traffic.pass(raiseOnce);
      await delay(random.between(0, 2 * options.pauseMs));
    }
    connection?.destroy();
  };
  const ended = loop();
  return {
    counts,
    async stop() {
      isStopped = true;
      await ended;
    },
  };
}
