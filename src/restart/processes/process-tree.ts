import type { ProcessStat } from './process-info.js';

/** All descendants of the given processes, without these themselves. */
export function descendantsOf(stats: readonly ProcessStat[], roots: ReadonlySet<number>): ProcessStat[] {
  const children = new Map<number, ProcessStat[]>();
  for (const stat of stats) {
    const siblings = children.get(stat.ppid);
    if (siblings) siblings.push(stat);
    else children.set(stat.ppid, [stat]);
  }
  const found = new Map<number, ProcessStat>();
  const pending = [...roots];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    for (const child of children.get(pid) ?? []) {
      // The list is not a snapshot: a pid that was reused while it was read could form a circle.
      if (found.has(child.pid) || roots.has(child.pid)) continue;
      found.set(child.pid, child);
      pending.push(child.pid);
    }
  }
  return [...found.values()];
}

/** The pids of the parent, the grandparent and so on, up to pid 1. */
export function ancestorsOf(stats: readonly ProcessStat[], pid: number): Set<number> {
  const parents = new Map(stats.map((stat) => [stat.pid, stat.ppid]));
  const found = new Set<number>();
  for (
    let parent = parents.get(pid) ?? 0;
    parent > 0 && !found.has(parent);
    parent = parents.get(parent) ?? 0
  ) {
    found.add(parent);
  }
  return found;
}
