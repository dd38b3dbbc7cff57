import { spawnSync } from 'node:child_process';

/** The shells of this service that wait for a command. */
export function findSpareShells(owner: number): number[] {
  const found = spawnSync('pgrep', ['-P', String(owner), '-f', 'spare shell'], { encoding: 'utf8' });
  return found.stdout
    .split('\n')
    .filter((pid) => pid !== '')
    .map(Number);
}
