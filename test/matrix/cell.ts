/** The parts of the matrix. */
export const PARTS = ['node', 'server', 'systemd'] as const;
export type Part = (typeof PARTS)[number];

/** One thing that users have, and the tests that are run with it. */
export interface Cell {
  readonly part: Part;
  /** For `--only`, e.g. `node-22`. */
  readonly name: string;
  /** As in CONTRIBUTING.md, for people. */
  readonly title: string;
  /** Fetches what is missing. Slow the first time. */
  prepare(): Promise<Prepared>;
}

interface Prepared {
  /** By the name of the program: what it says of its own version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** The configuration of vitest; default: that of `npm test`. */
  readonly vitestConfig?: string;
  /** Test files; none: all of the configuration. */
  readonly files: readonly string[];
}
