import { isIP } from 'node:net';
import * as z from 'zod';
import type { HealthCheckPort } from '../../domain/cycle/process-settings.js';
import { quoteValue } from '../reading/config-error.js';
import { type KeyDescription, keyInfo } from './key-info.js';

/** Address on which a TCP server listens. */
interface ListenAddress {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `host:port`, or empty for none. An IPv6 address is written in brackets. */
export function optionalAddress(about: KeyDescription) {
  return z
    .string()
    .transform((text, context): ListenAddress | undefined => {
      if (text === '') return undefined;
      const address = parseAddress(text);
      if (address !== undefined) return address;
      context.addIssue(
        `${quoteValue(text)} is not a host and port, allowed: ${ADDRESSES}, or empty for none`,
      );
      return z.NEVER;
    })
    .register(keyInfo, { ...about, type: 'text', allowed: `${ADDRESSES}, or empty for none` });
}

/** The address of a web service. It may hold a token, so no fault shows it (R24). */
export function optionalWebAddress(about: KeyDescription) {
  return z
    .string()
    .superRefine((text, context) => {
      const problem = text === '' ? undefined : checkWebAddress(text);
      if (problem) context.addIssue(`${problem}, allowed: ${WEB_ADDRESSES}`);
    })
    .transform((text) => (text === '' ? undefined : new URL(text).href))
    .register(keyInfo, { ...about, type: 'secret', allowed: WEB_ADDRESSES });
}

/** The URL of a health check. It is no secret, because a login in it is refused. */
export function optionalHealthUrl(about: KeyDescription) {
  return z
    .string()
    .superRefine((text, context) => {
      const problem = text === '' ? undefined : checkWebAddress(text);
      // The part before an @ may be a password (R24).
      const shown = text.includes('@') ? '' : `${quoteValue(text)} `;
      if (problem) context.addIssue(`${shown}${problem}, allowed: ${WEB_ADDRESSES}`);
    })
    .transform((text) => (text === '' ? undefined : new URL(text).href))
    .register(keyInfo, { ...about, type: 'text', allowed: WEB_ADDRESSES });
}

/** A port of this host, or `host:port`; empty for none. */
export function optionalPortOrAddress(about: KeyDescription) {
  return z
    .string()
    .transform((text, context): HealthCheckPort | undefined => {
      if (text === '') return undefined;
      const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
      if (port >= 1 && port <= 65_535) return { port };
      const address = parseAddress(text);
      if (address !== undefined) return address;
      context.addIssue(`${quoteValue(text)} is not a port, allowed: ${PORTS}`);
      return z.NEVER;
    })
    .register(keyInfo, { ...about, type: 'text', allowed: PORTS });
}

const PORTS = 'a port from 1 to 65535, or HOST:PORT such as 10.0.0.5:5432 or [::1]:5432, or empty for none';
const ADDRESSES = 'HOST:PORT such as 127.0.0.1:9750 or [::1]:9750';
const WEB_ADDRESSES = 'an address that begins with http:// or https://, or empty for none';

function parseAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535)) return undefined;
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? { host: bracketed, port } : undefined;
  return plain === undefined || !HOST.test(plain) ? undefined : { host: plain, port };
}

const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;

function checkWebAddress(text: string): string | undefined {
  if (!URL.canParse(text) || /[\s\p{Cc}]/u.test(text)) return 'is not a web address';
  const { protocol, username, password } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return `begins with ${quoteValue(protocol)}`;
  // Otherwise the URL parser takes the first part of the path for the host.
  if (!/^https?:\/\/[^/?#\\]/i.test(text)) return 'has no host';
  // fetch refuses such an address, and an admin would expect the login to be used.
  return username || password ? 'has a user or a password before the @, which is not sent' : undefined;
}
