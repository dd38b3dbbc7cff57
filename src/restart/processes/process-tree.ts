import type { ProcessStat } from './process-info.js';

/**
 * Who is whose child in one list of processes. It is made once for each list: the list may have tens of thousands, and as
 * many of one name.
 */
export class ProcessTree {
  readonly #parents: ReadonlyMap<number, number>;
  readonly #children = new Map<number, ProcessStat[]>();

  constructor(stats: readonly ProcessStat[]) {
    this.#parents = new Map(stats.map((stat) => [stat.pid, stat.ppid]));
    for (const stat of stats) {
      const siblings = this.#children.get(stat.ppid);
      if (siblings) siblings.push(stat);
      else this.#children.set(stat.ppid, [stat]);
    }
  }

  /** All descendants of the given processes, without these themselves. */
  descendantsOf(roots: ReadonlySet<number>): ProcessStat[] {
    const found = new Map<number, ProcessStat>();
    const pending = [...roots];
    for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
      for (const child of this.#children.get(pid) ?? []) {
        // The list is not a snapshot: a pid that was reused while it was read could form a circle.
        if (found.has(child.pid) || roots.has(child.pid)) continue;
        found.set(child.pid, child);
        pending.push(child.pid);
      }
    }
    return [...found.values()];
  }

  /** The pids of the parent, the grandparent and so on, up to pid 1. */
  ancestorsOf(pid: number): Set<number> {
    const found = new Set<number>();
    for (
      let parent = this.#parentOf(pid);
      parent > 0 && !found.has(parent);
      parent = this.#parentOf(parent)
    ) {
      found.add(parent);
    }
    return found;
  }

  /** Those of these processes that are below none of the others. */
  topmostOf(pids: ReadonlySet<number>): Set<number> {
    // What is below one of them, by the pid: a long chain of parents is walked once, not once for each process.
    const known = new Map<number, boolean>();
    const isBelow = (pid: number): boolean => {
      const walked: number[] = [];
      const seen = new Set<number>();
      let result: boolean | undefined;
      let at = pid;
      while (result === undefined) {
        walked.push(at);
        seen.add(at);
        const parent = this.#parentOf(at);
        if (parent <= 0 || seen.has(parent)) result = false;
        else if (pids.has(parent)) result = true;
        else result = known.get(parent);
        at = parent;
      }
      for (const below of walked) known.set(below, result);
      return result;
    };
    return new Set([...pids].filter((pid) => !isBelow(pid)));
  }

  #parentOf(pid: number): number {
    return this.#parents.get(pid) ?? 0;
  }
}
