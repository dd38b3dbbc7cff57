import { parseArgs } from 'node:util';

interface FleetOptions {
  readonly hosts: number;
  /** Alarms a second, over all hosts. */
  readonly rate: number;
  /** How long alarms are raised in each phase, s. */
  readonly seconds: number;
  /** Many hosts in one process. */
  readonly isReduced: boolean;
  /** No phase begins later than this after the start of the agents; absent: all are played. */
  readonly minutes?: number;
}

/**
 * By default. Every host receives the raise and the clear of every alarm: with a rate that grew with the hosts, the work would
 * grow with their square, and two cores would measure nothing but themselves.
 */
const MOST_RATE = 4;
const USAGE =
  'npm run fleet -- [--hosts 20] [--rate ALARMS_A_SECOND] [--seconds 15] [--reduced] [--minutes 20]';

/** @throws Error that says what is allowed. */
export function readOptions(args: readonly string[]): FleetOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      hosts: { type: 'string', default: '20' },
      rate: { type: 'string' },
      seconds: { type: 'string', default: '15' },
      reduced: { type: 'boolean', default: false },
      minutes: { type: 'string' },
    },
  });
  const hosts = readNumber('hosts', values.hosts);
  return {
    hosts,
    rate: readNumber('rate', values.rate ?? String(Math.min(MOST_RATE, Math.max(2, hosts / 5)))),
    seconds: readNumber('seconds', values.seconds),
    isReduced: values.reduced,
    ...(values.minutes !== undefined && { minutes: readNumber('minutes', values.minutes) }),
  };
}

function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`--${name} ${text} is not a number above 0\n${USAGE}`);
}
