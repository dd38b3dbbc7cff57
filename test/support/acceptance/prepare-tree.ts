import { describeError } from '../../../src/domain/errors.js';
import { findObstacle, HOSTS, makeHostTree, readHostName } from './host-tree.js';

/**
 * The tree of the host that ACCEPTANCE_HOST names; it is made first if it is missing. If no host can be booted here this
 * says why and ends the process with exit code 0, but with 1 if CI=true, so that a CI that proves nothing is seen.
 */
export function prepareTree(): string {
  const obstacle = findObstacle();
  if (obstacle !== undefined) {
    process.stdout.write(`no host can be booted here, so this is left out: ${obstacle}\n`);
    process.exit(process.env.CI === 'true' ? 1 : 0);
  }
  try {
    const name = readHostName();
    const tree = makeHostTree(name);
    process.stdout.write(`booting ${tree}: ${HOSTS[name]}\n`);
    return tree;
  } catch (error) {
    process.stdout.write(`no host can be booted: ${describeError(error)}\n`);
    return process.exit(1);
  }
}
