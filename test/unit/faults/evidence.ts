import type { Evidence } from '../../faults/audit/evidence.js';
import type { Commit } from '../../faults/raisers/commits.js';
import type { Change } from '../../faults/scene/history.js';
import type { Run } from '../../faults/scene/recorded-fleet.js';

/** Evidence of a process `alpha` with number 1, and of two that may stand in alarm, in the words of the audit. */
export function evidenceOf(
  evidence: Partial<Evidence> & { readonly commitList?: readonly Commit[] } = {},
): Evidence {
  const { commitList = [], history = [], ...rest } = evidence;
  return {
    members: [
      { id: 1, name: 'alpha', role: 'quiet' },
      { id: 2, name: 'lame', role: 'dead' },
      { id: 3, name: 'x; y', role: 'refused' },
    ],
    history: numbered(history),
    standing: new Set(),
    commits: {
      get: (id) => commitList.find((commit) => commit.id === id) ?? promptCommit(id),
      all: () => commitList,
    },
    runs: [],
    renames: { spans: [], raises: [] },
    pauses: [],
    log: [],
    maxParallel: 2,
    verifyMs: 3000,
    leftBehind: [],
    idleConnectionsEnded: 0,
    ...rest,
  };
}

/** The lab was told of it at once: `c100` at 100. */
function promptCommit(id: string | null): Commit | undefined {
  const at = Number(/^c(\d+)$/.exec(id ?? '')?.[1] ?? Number.NaN);
  return id === null || Number.isNaN(at) ? undefined : { id, way: 'by hand', from: at, to: at };
}

function numbered(history: readonly Change[]): Change[] {
  const places = new Map<number, number>();
  return history.map((one) => {
    const place = one.place || (places.get(one.processId) ?? 0) + 1;
    places.set(one.processId, place);
    return { ...one, place };
  });
}

/** A change by somebody else, unless `commit` is null: then by the service. */
export function change(
  at: number,
  was: number | null,
  is: number | null,
  commit: string | null = `c${at}`,
  more: Partial<Change> = {},
): Change {
  const what = was === null ? 'insert' : is === null ? 'delete' : 'update';
  return { processId: 1, place: 0, at, what, was, is, notes: null, commit, ...more };
}

export function restart(begin: number, end?: number, name = 'alpha'): Run {
  return { what: 'restart', name, pid: begin, begin, ...(end === undefined ? {} : { end, exitCode: 0 }) };
}

export function check(begin: number, end: number, exitCode = 0): Run {
  return { what: 'check', name: 'alpha', pid: begin, begin, end, exitCode };
}

/** A line of the service's log. */
export function line(at: number, message: string, level = 'INFO', name = 'alpha'): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 23)} ${level.padEnd(7)} ${name}: ${message}`;
}
