import type { Host } from '../../test/support/acceptance/host.js';
import type { Closers } from '../support/closers.js';
import { superviseHelper } from '../support/helper-process.js';

/** Runs programs on the host, without a way in before each of them. */
export interface BareCalls {
  /** Rejects where it fails. */
  call(...argv: readonly string[]): Promise<BareCall>;
}

/** Monotonic ms. */
interface BareCall {
  readonly calledAt: number;
  readonly returnedAt: number;
}

/** In the repository as the host sees it. */
const PROGRAM = '/src/bench/systemd/bare-calls.mjs';
const DEADLINE_MS = 300_000;

export async function startBareCalls(host: Host, closers: Closers): Promise<BareCalls> {
  const helper = await superviseHelper(host.spawn('node', PROGRAM), closers);
  let id = 0;
  return {
    async call(...argv) {
      id += 1;
      const from = helper.watch.lines.length;
      const said = async (word: string): Promise<number> => {
        const line = await helper.watch.waitFor(new RegExp(`^${word} ${id} `), from, DEADLINE_MS);
        return Number(line.text.split(' ')[2]);
      };
      helper.tell(JSON.stringify({ id, argv }));
      return { calledAt: await said('called'), returnedAt: await said('returned') };
    },
  };
}
