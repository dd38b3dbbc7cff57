import { fileURLToPath } from 'node:url';
import type { PrivateServer } from '../../test/support/private-server.js';
import type { Closers } from '../support/closers.js';
import { startHelper } from '../support/helper-process.js';
import { numbersAfter } from '../support/numbers-after.js';

const PROGRAM = fileURLToPath(new URL('flood.mjs', import.meta.url));
/** A transaction of 100 MB takes its time, and then the server some more to take it back to its files. */
const DEADLINE_MS = 5 * 60_000;

export type FloodKind = 'small' | 'bulk' | 'wide' | 'huge';

/** Writes on tables that are not ours, as fast as the server takes them. */
interface Flood {
  begin(): void;
  /** Tells it to end. */
  end(): void;
  /** Resolves when the last transaction is committed. */
  readonly ended: Promise<void>;
  /** All that was committed. */
  transactions(): number;
  megabytes(): number;
  stop(): Promise<void>;
}

/** Answers when it is ready to begin. */
export async function startFlood(
  { host, port, rootPassword: password }: PrivateServer,
  kind: FloodKind,
  closers: Closers,
): Promise<Flood> {
  const connection = { host, port, user: 'root', password };
  const { watch, tell, stop } = await startHelper([PROGRAM], { connection, kind, connections: 4 }, closers);
  await watch.waitFor(/^ready$/, 0);
  const ended = watch.waitFor(/^done$/, 0, DEADLINE_MS).then(() => {});
  // Whoever waits for it hears of a failure; before that nobody does.
  ended.catch(() => {});
  const last = (word: string): number => numbersAfter(word, watch.lines).at(-1) ?? 0;
  return {
    begin: () => tell('go'),
    end: () => tell('stop'),
    ended,
    transactions: () => last('transactions'),
    megabytes: () => last('megabytes'),
    stop,
  };
}
