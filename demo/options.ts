import { parseArgs } from 'node:util';

export interface Options {
  /** Undefined: whichever is found first. */
  readonly server: 'mariadb' | 'mysql' | undefined;
  readonly keep: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run demo -- [--server mariadb|mysql] [--keep]

  --server  the database server to use where both are installed (default: the one found first)
  --keep    leave everything running at the end, to raise alarms by hand; Ctrl-C ends it
`;

/** @throws Error that says what is wrong with the arguments. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: { server: { type: 'string' }, keep: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  const { server, keep = false, help = false } = values;
  if (server !== undefined && server !== 'mariadb' && server !== 'mysql') {
    throw new Error(`--server ${server} is not known, allowed: mariadb, mysql`);
  }
  return { server, keep, help };
}
