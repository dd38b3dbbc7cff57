import { parseArgs } from 'node:util';
import { type HostName, readHostName } from '../support/acceptance/host-tree.js';
import { rowServerKinds, type ServerKind, serverKinds } from '../support/service/server-kinds.js';

export interface FaultOptions {
  readonly kinds: readonly ServerKind[];
  readonly faults: number;
  readonly seed: number;
  readonly minutes: number;
  /** `max_restarts` within 20 s; 0: any number. */
  readonly maxRestarts: number;
  /** Where the whole log of the service is written to. */
  readonly log: string | undefined;
  /** Where the service runs as an installed unit; undefined: by hand, on this machine. */
  readonly host: HostName | undefined;
}

const USAGE = `npm run test:faults -- [--faults N] [--seed S] [--server mariadb|mariadb-mixed|mysql] [--minutes M] [--max-restarts N] [--log FILE] [--host bookworm|…]`;

/** @throws Error that says what is allowed. */
export function readOptions(args: readonly string[]): FaultOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      faults: { type: 'string', default: '1000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      server: { type: 'string' },
      minutes: { type: 'string', default: '60' },
      'max-restarts': { type: 'string', default: '0' },
      log: { type: 'string' },
      host: { type: 'string' },
    },
  });
  return {
    kinds: values.server === undefined ? rowServerKinds() : [findKind(values.server)],
    faults: readNumber('faults', values.faults),
    seed: readNumber('seed', values.seed),
    minutes: readNumber('minutes', values.minutes),
    maxRestarts: readNumber('max-restarts', values['max-restarts']),
    log: values.log,
    host: values.host === undefined ? undefined : readHostName(values.host),
  };
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  mariadb: 'MariaDB ROW',
  'mariadb-mixed': 'MariaDB MIXED',
  mysql: 'MySQL ROW',
};

function findKind(server: string): ServerKind {
  const kind = serverKinds().find(({ name }) => name === KIND_NAMES[server]);
  if (!kind) throw new Error(`--server ${server} is not known, or not installed here\n${USAGE}`);
  return kind;
}

function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) throw new Error(`--${name} ${text} is not a number\n${USAGE}`);
  return number;
}
