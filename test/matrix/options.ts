import { parseArgs } from 'node:util';
import { type Cell, PARTS } from './cell.js';

export interface MatrixOptions {
  /** None for `--report`, which only makes the page anew from the results that there are. */
  readonly cells: readonly Cell[];
  /** The form of CI: a cell that cannot be prepared is left out, and nothing is written. */
  readonly isShort: boolean;
}

/** What runs in CI: the Node.js that RHEL 9 and 10 ship, and the next. */
const SHORT = ['node-22', 'node-24', 'node-26'];
const USAGE = 'npm run test:matrix -- [--only NAME,NAME | --short | --report]';

/** @throws Error that says what is allowed. */
export function readOptions(args: readonly string[], all: readonly Cell[]): MatrixOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      short: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
    },
  });
  const { only, short, report } = values;
  if ([only !== undefined, short, report].filter(Boolean).length > 1)
    throw new Error(`one of these\n${USAGE}`);
  const names = report ? [] : short ? SHORT : only?.split(',');
  return {
    cells: names === undefined ? all : names.flatMap((name) => findCells(name, all)),
    isShort: short,
  };
}

/** A part of the matrix, or one cell. */
function findCells(name: string, all: readonly Cell[]): readonly Cell[] {
  const found = all.filter((cell) => cell.part === name || cell.name === name);
  if (found.length > 0) return found;
  const allowed = [...PARTS, ...all.map((cell) => cell.name)].join(', ');
  throw new Error(`--only ${name}: there are ${allowed}\n${USAGE}`);
}
