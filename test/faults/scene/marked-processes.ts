import { readdir, readFile } from 'node:fs/promises';
import { waitFor } from '../../support/restart/wait-for.js';

/** Pids of all that carries this text in its environment: a daemon of the lab, and whatever it has started. */
async function findMarked(mark: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return pid !== process.pid && environment.includes(mark) ? pid : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}

/** Kills them all, as systemd does with what a unit leaves behind. Returns who was killed, when all are gone. */
export async function killMarked(mark: string): Promise<readonly number[]> {
  const killed = new Set<number>();
  await waitFor('the end of what was left behind', async () => {
    const pids = await findMarked(mark);
    for (const pid of pids) {
      killed.add(pid);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has gone.
      }
    }
    return pids.length === 0;
  });
  return [...killed];
}
