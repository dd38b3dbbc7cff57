import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { describeError } from '../../domain/errors.js';
import { hangingLooks } from './hanging-looks.js';
import { LookingChild } from './looking-child.js';

/**
 * Deadline, in ms. A resolver asks the next name server after 5 s. A connection to the database is given up after
 * 10 s, and its error would not say that it was the name.
 */
const LIMIT_MS = 9000;

/** Has the message `getaddrinfo ENOTFOUND NAME` and the codes of the error of Node.js. */
export class HostLookUpError extends Error {
  readonly syscall = 'getaddrinfo';

  constructor(
    readonly hostname: string,
    readonly code: 'ENOTFOUND' | 'EAI_AGAIN',
    options: { reason?: string; cause?: unknown } = {},
  ) {
    const { reason, ...rest } = options;
    super(`getaddrinfo ${code} ${hostname}${reason === undefined ? '' : `: ${reason}`}`, rest);
    this.name = 'HostLookUpError';
  }
}

const looks = new Map<string, Promise<LookupAddress[]>>();

/**
 * The addresses of a host, in the order in which to try them, as getaddrinfo(3) knows them: from /etc/hosts, DNS, or
 * whatever else nsswitch.conf names. A child does the look-up (R33), because only the end of the waiting process ends the
 * wait for a name server that does not answer. One look-up at a time for a name, however many callers ask. Rejects with
 * an error like that of dns.lookup.
 */
export function lookUpHost(name: string, program = 'getent'): Promise<LookupAddress[]> {
  const running = looks.get(name);
  if (running) return running;
  const startedAt = performance.now();
  const look = lookUp(name, program);
  looks.set(name, look);
  const forget = (): void => {
    looks.delete(name);
  };
  look.then(() => {
    // Whoever asked may have given up meanwhile, and would ask anew without end: the next try gets this answer.
    if (performance.now() - startedAt < SLOW_MS) forget();
    else setTimeout(forget, KEPT_MS).unref();
  }, forget);
  return look;
}

/** A slow answer, as by the second name server while the first one is down, and how long it is kept; ms. */
const SLOW_MS = 1000;
const KEPT_MS = 30_000;

/** What getaddrinfo takes from the environment, so that the unit can set it as for any program. */
function resolverSettings(): Record<string, string> {
  const names = ['RES_OPTIONS', 'LOCALDOMAIN', 'HOSTALIASES'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function lookUp(name: string, program: string): Promise<LookupAddress[]> {
  // getent would take it for an option.
  if (name.startsWith('-')) throw new HostLookUpError(name, 'ENOTFOUND');
  const [key, subject] = [`host ${name}`, `the name server for ${name}`];
  if (hangingLooks.has(key)) throw noAnswer(name);
  let output = '';
  let child: LookingChild;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), LIMIT_MS);
  });
  try {
    child = new LookingChild([program, 'ahosts', name], {
      isKillable: true,
      environment: resolverSettings(),
      onData: (chunk) => {
        output += chunk.toString('latin1');
      },
    });
    if ((await Promise.race([child.ended, late])) === 'late') {
      child.giveUp(key, subject);
      throw noAnswer(name);
    }
  } catch (error) {
    if (error instanceof HostLookUpError) throw error;
    throw new HostLookUpError(name, 'EAI_AGAIN', { reason: describeError(error), cause: error });
  } finally {
    clearTimeout(timer);
  }
  const addresses = parseAddresses(output);
  // getent ends in the same way if the name is unknown and if the name server answers with an error.
  if (addresses.length === 0) throw new HostLookUpError(name, 'ENOTFOUND');
  return addresses;
}

function noAnswer(name: string): HostLookUpError {
  return new HostLookUpError(name, 'EAI_AGAIN', { reason: 'the name server gives no answer' });
}

/** `192.0.2.1       STREAM db1`: each address has one such line, and others for other kinds of sockets. */
function parseAddresses(output: string): LookupAddress[] {
  return output.split('\n').flatMap((line) => {
    const [address = '', kind] = line.split(/\s+/);
    const family = isIP(address);
    return kind === 'STREAM' && family !== 0 ? [{ address, family }] : [];
  });
}
