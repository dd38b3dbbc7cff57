import { parseArgs } from 'node:util';
import { rowServerKinds, type ServerKind } from '../test/support/service/server-kinds.js';
import type { Bench } from './support/bench.js';
import type { Form } from './support/result.js';

export interface BenchOptions {
  readonly benches: readonly Bench[];
  readonly kinds: readonly ServerKind[];
  readonly form: Form;
  readonly seed: number;
}

const USAGE = `npm run bench -- [--only NAME,NAME] [--server mariadb|mysql] [--quick|--full] [--seed S]`;

/** @throws Error that says what is allowed. */
export function readOptions(args: readonly string[], all: readonly Bench[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      server: { type: 'string' },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    },
  });
  if (values.quick && values.full) throw new Error(`--quick or --full\n${USAGE}`);
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error(`--seed ${values.seed} is no number\n${USAGE}`);
  return {
    benches: values.only === undefined ? all : values.only.split(',').map((name) => findBench(name, all)),
    kinds: findKinds(values.server),
    form: values.quick ? 'quick' : values.full ? 'full' : 'default',
    seed,
  };
}

function findBench(name: string, all: readonly Bench[]): Bench {
  const bench = all.find((candidate) => candidate.name === name);
  if (!bench) throw new Error(`--only ${name}: there are ${all.map((one) => one.name).join(', ')}\n${USAGE}`);
  return bench;
}

function findKinds(server: string | undefined): readonly ServerKind[] {
  const there = rowServerKinds();
  const kinds = there.filter(({ options }) => server === undefined || options.flavour === server);
  if (kinds.length === 0) throw new Error(`--server ${server} is not known, or not installed here\n${USAGE}`);
  return kinds;
}
