import { isIP } from 'node:net';
import * as z from 'zod';
import { quoteValue } from '../reading/config-error.js';
import { type KeyDescription, keyInfo } from './key-info.js';

/** One server of the list. Without a port, `[database] port` counts. */
export interface DatabaseHost {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port?: number;
}

/** Hosts in order, with or without a port, separated by commas. */
export function databaseHosts(about: KeyDescription) {
  return z
    .string()
    .transform((text, context): readonly DatabaseHost[] => {
      const hosts: DatabaseHost[] = [];
      for (const part of text.split(',').map((each) => each.trim())) {
        const host = parseHost(part);
        const problem = host ? findTwin(host, hosts, part) : describeFault(part, text);
        if (host && problem === undefined) hosts.push(host);
        else {
          context.addIssue(`${problem}, allowed: ${HOSTS}`);
          return z.NEVER;
        }
      }
      return hosts;
    })
    .register(keyInfo, { ...about, type: 'list', allowed: HOSTS });
}

/** The same; undefined if the file names none. */
export function optionalHosts(about: KeyDescription) {
  return z
    .string()
    .transform((text) => (text === '' ? undefined : text))
    .pipe(databaseHosts(about).optional())
    .register(keyInfo, { ...about, type: 'list', allowed: `${HOSTS}, or empty for none` });
}

const HOSTS = 'HOST or HOST:PORT, several separated by commas, such as db1, db2:3307, [::1]:3306';

function parseHost(text: string): DatabaseHost | undefined {
  if (isIP(text) === 6) return { host: text };
  const [, bracketed, plain, digits] =
    /^(?:\[([^\]]+)\]|([^:[\]\s/\p{Cc}]+))(?::(\d{1,5}))?$/u.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined;
  if (digits === undefined) return { host };
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

function findTwin(host: DatabaseHost, hosts: readonly DatabaseHost[], text: string): string | undefined {
  const isTwice = hosts.some((other) => other.host === host.host && other.port === host.port);
  return isTwice ? `${quoteValue(text)} stands there twice` : undefined;
}

function describeFault(part: string, whole: string): string {
  if (whole.trim() === '') return 'is empty';
  if (part === '') return `${quoteValue(whole)} has an empty entry`;
  return /\p{Cc}/u.test(part) ? 'contains a control character' : `${quoteValue(part)} is not a host`;
}
