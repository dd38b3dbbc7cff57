import type { ProcessesQuery, ProcessFilter, ProcessPage, ProcessRow } from '../../web/contract/processes.js';
import type { PastCycles } from './past-cycles.js';
import type { ProcessList } from './process-list.js';
import type { NamedRow, ProcessRows } from './process-rows.js';

interface ProcessPagesOptions {
  readonly list: ProcessList;
  readonly rows: ProcessRows;
  readonly past: PastCycles;
}

/** Answers GET /api/processes. Never rejects. */
export async function readProcessPage(
  { list, rows, past }: ProcessPagesOptions,
  { offset, limit, search, state, sort }: ProcessesQuery,
  access: 'public' | 'user',
): Promise<ProcessPage> {
  if (access === 'user') await past.load();
  const { rows: all, isCut, problem } = await list.read();
  const text = search.toLowerCase();
  const found = all
    .filter(({ processName }) => text === '' || processName.toLowerCase().includes(text))
    .map((row) => ({ row, is: rows.stateOf(row), isRaised: rows.isRaised(row.processId, row.isRaised) }));
  const countOf = (filter: ProcessFilter): number => found.filter(FILTERS[filter]).length;
  const wanted = found
    .filter(FILTERS[state])
    .sort((a, b) => (sort === 'state' ? RANK[a.is] - RANK[b.is] : 0) || byName(a.row, b.row));
  const page = wanted.slice(offset, offset + limit).map(({ row }) => row);
  return {
    ...{ total: all.length, matching: wanted.length, offset, isCut },
    counts: {
      ...{ all: found.length, alarm: countOf('alarm') },
      ...{ trouble: countOf('trouble'), paused: countOf('paused') },
    },
    rows: rows.build(page, access),
    ...(problem !== undefined && { problem: access === 'user' ? problem : 'the table cannot be read' }),
  };
}

interface Found {
  readonly is: ProcessRow['state'];
  readonly isRaised: boolean;
}

const FILTERS: Readonly<Record<ProcessFilter, (found: Found) => boolean>> = {
  all: () => true,
  alarm: ({ isRaised }) => isRaised,
  trouble: ({ is }) => is !== 'normal',
  paused: ({ is }) => is === 'paused',
};

/** What needs somebody comes first. */
const RANK: Readonly<Record<ProcessRow['state'], number>> = {
  'breaker-open': 0,
  alarm: 1,
  working: 2,
  paused: 3,
  normal: 4,
};

function byName(a: NamedRow, b: NamedRow): number {
  if (a.processName === b.processName) return a.processId - b.processId;
  return a.processName < b.processName ? -1 : 1;
}
