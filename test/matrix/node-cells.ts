import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureMariadb } from '../support/ensure-server-program.js';
import type { Cell } from './cell.js';

const FETCH = fileURLToPath(new URL('../support/fetch-node.sh', import.meta.url));

/** The oldest Node.js that the service runs on, and the newest of each line that is maintained or was for long. */
const LINES = ['20.19', '20', '22', '24', '26'];

/** Each with the smoke suite, on the MariaDB of this machine. */
export const NODE_CELLS: readonly Cell[] = LINES.map((line) => ({
  part: 'node',
  name: `node-${line}`,
  title: `Node.js ${line}`,
  async prepare() {
    const node = execFileSync(FETCH, [line], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim();
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    return {
      versions: { 'Node.js': version.replace(/^v/, ''), MariaDB: ensureMariadb().version },
      env: { MONITOR_TEST_NODE: node, MONITOR_TEST_FLAVOURS: 'mariadb' },
      files: ['test/integration/service/smoke.test.ts'],
    };
  },
}));
