import { waitFor } from '../../support/restart/wait-for.js';
import type { Lab } from './lab.js';
import { membersOf } from './members.js';

const STREAM_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 30_000;
/** More tries than the raises that a poll can be first to find. */
const TRIES = 10;

/**
 * When all is calm the service must be what it was before the first fault: an alarm is seen through the binlog, and
 * answered. Returns what is wrong.
 */
export async function probe(lab: Lab): Promise<readonly string[]> {
  const { keeper, database, asRoot, commits } = lab;
  const [member] = membersOf('quiet');
  if (!member) return [];
  const raise = async (): Promise<void> => {
    const id = commits.nextId();
    await asRoot(async (root) => {
      await root.query('SET @commit_id = ?', [id]);
      await commits.around(id, 'probe at the end', () =>
        root.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [member.id]),
      );
    });
  };
  try {
    await waitFor(
      'a probe to be seen through the binlog',
      async () => {
        const from = keeper.daemon.lines().length;
        for (let tried = 0; tried < TRIES; tried += 1) {
          await raise();
          await waitFor(
            'the answer to a probe',
            async () => (await database.row(member.id)).alarma === 0,
            ANSWER_LIMIT_MS,
          );
          const seen = new RegExp(` ${member.name}: alarm seen \\(binlog\\)`);
          if (
            keeper.daemon
              .lines()
              .slice(from)
              .some((line) => seen.test(line))
          )
            return true;
        }
        return false;
      },
      STREAM_LIMIT_MS,
    );
    return [];
  } catch (error) {
    return [String(error)];
  }
}
