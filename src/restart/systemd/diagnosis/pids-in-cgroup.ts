import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The unified hierarchy, and the paths where systemd keeps its units beside an older one. */
const HIERARCHIES = ['/sys/fs/cgroup', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'];

/** The processes of a unit by its ControlGroup, including those in cgroups below it. Empty if it has none. */
export async function pidsInCgroup(controlGroup: string): Promise<readonly number[]> {
  if (controlGroup === '' || controlGroup === '/') return [];
  const found = await Promise.all(HIERARCHIES.map((root) => readPids(join(root, controlGroup))));
  return [...new Set(found.flat())];
}

async function readPids(directory: string): Promise<number[]> {
  try {
    const [procs, entries] = await Promise.all([
      readFile(join(directory, 'cgroup.procs'), 'utf8'),
      readdir(directory, { withFileTypes: true }),
    ]);
    const below = entries.filter((entry) => entry.isDirectory());
    const deeper = await Promise.all(below.map(({ name }) => readPids(join(directory, name))));
    return [...procs.split('\n').filter(Boolean).map(Number), ...deeper.flat()];
  } catch {
    return [];
  }
}
