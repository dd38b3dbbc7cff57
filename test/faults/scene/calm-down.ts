import type { RowDataPacket } from 'mysql2/promise';
import { waitFor } from '../../support/restart/wait-for.js';
import { settleXa } from '../injections/settle-xa.js';
import { type Lab, mayStand } from './lab.js';
import { membersOf } from './members.js';
import type { Run } from './recorded-fleet.js';

/** The longest back-off of a write or of the binlog stream is 30 s; what is not answered after this is lost. */
const CALM_LIMIT_MS = 90_000;
/** After this long without any command nothing is under way: longer than the wait for an echo and than a repetition. */
const QUIET_MS = 3000;

/**
 * With all faults healed: waits until every alarm that can be answered is. Gives up after a while without a word: the
 * audit tells what is left.
 */
export async function calmDown(lab: Lab): Promise<void> {
  await lab.proxy.heal();
  await settleXa(lab, lab.random);
  // Commands that hang live until their deadline.
  await untilQuiet(lab).catch(() => {});
}

/** Process_ids in alarm now. */
export async function readStanding({ database }: Lab): Promise<ReadonlySet<number>> {
  const rows = await database.query('SELECT process_id FROM STATUS_PROCESS WHERE alarma = 1');
  return new Set((rows as RowDataPacket[]).map(({ process_id }) => Number(process_id)));
}

async function untilQuiet(lab: Lab): Promise<void> {
  const allowed = mayStand();
  // The dead are tried again for ever.
  const dead = new Set(membersOf('dead').map(({ name }) => name));
  await waitFor(
    'calm',
    async () => {
      const standing = await readStanding(lab);
      if ([...standing].some((id) => !allowed.has(id))) return false;
      const runs = (await lab.fleet.runs()).filter(({ name }) => !dead.has(name));
      return runs.every(isOver) && Date.now() - latest(runs) > QUIET_MS;
    },
    CALM_LIMIT_MS,
  );
}

function isOver({ end }: Run): boolean {
  return end !== undefined;
}

function latest(runs: readonly Run[]): number {
  return runs.reduce((last, { begin, end }) => Math.max(last, end ?? begin), 0);
}
