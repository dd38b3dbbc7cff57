import type { Part } from './cell.js';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What came of one cell. */
export interface CellResult {
  readonly part: Part;
  readonly name: string;
  readonly title: string;
  /** YYYY-MM-DD, UTC. */
  readonly date: string;
  /** Of this repository, with `-dirty` behind it if there were changes. */
  readonly commit: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly counts: Counts;
  /** Those of a server by the format of the binlog, `ROW`, `MIXED`, `STATEMENT`; the others are about none. */
  readonly byFormat?: Readonly<Record<string, Counts>>;
  /** Names of the tests that failed. */
  readonly failures: readonly string[];
}

export interface MatrixResults {
  /** The machine of the latest run. */
  readonly kernel: string;
  readonly cells: readonly CellResult[];
}
