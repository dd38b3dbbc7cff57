import type { ProcessesQuery, ProcessFilter, ProcessPage, ProcessRow } from '../../web/contract/processes.js';
import type { ListedProcesses, Listing } from './listed-processes.js';
import type { PastCycles } from './past-cycles.js';
import type { NamedRow, ProcessRows } from './process-rows.js';

interface ProcessPagesOptions {
  readonly list: Pick<ListedProcesses, 'read'>;
  readonly rows: Pick<ProcessRows, 'build' | 'stateOf' | 'isRaised'>;
  readonly past: Pick<PastCycles, 'load'>;
}

/** What was judged serves everybody who asks within this time, ms: of 10,000 processes that takes a while. */
const JUDGED_FOR_MS = 200;

/** Answers GET /api/processes. */
export class ProcessPages {
  #judged: Judged | undefined;

  constructor(private readonly options: ProcessPagesOptions) {}

  /** Never rejects. */
  async read(
    { offset, limit, search, state, sort }: ProcessesQuery,
    access: 'public' | 'user',
  ): Promise<ProcessPage> {
    const { list, rows, past } = this.options;
    if (access === 'user') await past.load();
    const listing = await list.read();
    const text = search.toLowerCase();
    const all = this.#judge(listing)[sort];
    const found = text === '' ? all : all.filter(({ lowerName }) => lowerName.includes(text));
    const countOf = (filter: ProcessFilter): number => found.filter(FILTERS[filter]).length;
    const wanted = found.filter(FILTERS[state]);
    const page = wanted.slice(offset, offset + limit).map(({ row }) => row);
    const { isCut, problem } = listing;
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

  #judge(listing: Listing): Judged {
    const now = performance.now();
    const before = this.#judged;
    if (before?.listing === listing && now - before.at < JUDGED_FOR_MS) return before;
    const { rows } = this.options;
    // The names of one reading are sorted once.
    const names =
      before?.listing === listing ? before.name : [...listing.rows].sort(byName).map((row) => ({ row }));
    const name = names.map(({ row }) => ({
      ...{ row, lowerName: row.processName.toLowerCase(), is: rows.stateOf(row) },
      isRaised: rows.isRaised(row.processId, row.isRaised),
    }));
    const state = [...name].sort((a, b) => RANK[a.is] - RANK[b.is]);
    this.#judged = { listing, at: now, name, state };
    return this.#judged;
  }
}

/** All processes of a reading with their states, in both orders. */
interface Judged {
  readonly listing: Listing;
  readonly at: number;
  readonly name: readonly Found[];
  readonly state: readonly Found[];
}

interface Found {
  readonly row: NamedRow;
  readonly lowerName: string;
  readonly is: ProcessRow['state'];
  readonly isRaised: boolean;
}

const FILTERS: Readonly<Record<ProcessFilter, (found: Pick<Found, 'is' | 'isRaised'>) => boolean>> = {
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
