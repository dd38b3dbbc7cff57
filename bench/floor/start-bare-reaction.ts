import { fileURLToPath } from 'node:url';
import type { Closers } from '../support/closers.js';
import { type HelperProcess, startHelper } from '../support/helper-process.js';
import type { Stage } from '../support/stage.js';

const PROGRAM = fileURLToPath(new URL('bare-reaction.mjs', import.meta.url));

interface BareReactionOptions {
  readonly isStandingAnswered?: boolean;
  readonly isPatient?: boolean;
  /** Default: straight at the server. */
  readonly port?: number;
}

/** Starts the floor beside the stage's service, with the same command. Does not wait until it watches. */
export function startBareReaction(
  { database, server, clock }: Stage,
  closers: Closers,
  { port = server.port, ...options }: BareReactionOptions = {},
): Promise<HelperProcess> {
  const { name: schema, user, password } = database;
  const connection = { host: server.host, port, user, password };
  const all = { connection, schema, command: clock.command('restart %s'), ...options };
  return startHelper([PROGRAM], all, closers);
}
