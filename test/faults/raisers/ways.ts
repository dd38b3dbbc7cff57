import type { RaiserSession } from './raiser-session.js';
import { WAYS_AROUND } from './ways-around.js';
import { WAYS_OF_STATEMENTS } from './ways-of-statements.js';
import { WAYS_OF_TRANSACTIONS } from './ways-of-transactions.js';

/** One way in which somebody changes alarms. */
export interface Way {
  readonly name: string;
  readonly weight: number;
  readonly run: (session: RaiserSession, name: string) => Promise<void>;
}

export const WAYS: readonly Way[] = [...WAYS_OF_STATEMENTS, ...WAYS_OF_TRANSACTIONS, ...WAYS_AROUND];
