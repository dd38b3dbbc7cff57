import type { Random } from '../../test/faults/random.js';
import type { ServerKind } from '../../test/support/service/server-kinds.js';
import type { Closers } from './closers.js';
import type { BenchResult, Form, Measured } from './result.js';

/** What a bench is told, once for each server. */
export interface BenchContext {
  readonly kind: ServerKind;
  readonly form: Form;
  readonly random: Random;
  /** Takes what must be ended, whatever comes: failure, Ctrl-C. Emptied after each bench. */
  readonly closers: Closers;
  /** A line of progress. */
  say(text: string): void;
}

export interface Drawing {
  /** Name of the file in bench/results, without `.svg`. */
  readonly file: string;
  readonly svg: string;
}

/** One kind of measurement. */
export interface Bench {
  /** Names its files, its block in the documents, and itself behind `--only`. */
  readonly name: string;
  /** One sentence. */
  readonly what: string;
  /** It boots a host of its own, with systemd and a MariaDB, so that another server is none for it. */
  readonly underSystemd?: true;
  run(context: BenchContext): Promise<Measured>;
  /** Plots of the results of all servers; must depend on them alone. */
  draw?(results: readonly BenchResult[]): readonly Drawing[];
}

/** Chooses by form. */
export function byForm<T>(form: Form, choices: Readonly<Record<Form, T>>): T {
  return choices[form];
}
