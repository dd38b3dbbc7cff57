import type { IncomingMessage } from 'node:http';
import { HttpError } from '../../lib/http/http-error.js';
import { isLoopback } from '../../lib/is-loopback.js';
import { nameIn } from './allowed-hosts.js';

interface OriginOptions {
  readonly hostname: string | undefined;
  /** Whether this server itself speaks TLS. */
  readonly isTls: boolean;
}

/**
 * Lets only the page itself change something. Every browser sends the Origin with a POST; what sends none is no
 * browser, and needs the token all the same. Behind a proxy the origin is `https` and its name.
 *
 * @throws HttpError
 */
export function checkOrigin({ headers }: IncomingMessage, { hostname, isTls }: OriginOptions): void {
  const { origin, host = '' } = headers;
  if (origin === undefined) throw foreign('there is no Origin');
  if (!isTls && hostname !== undefined && URL.canParse(origin)) {
    const from = new URL(origin);
    if (from.protocol === 'https:' && from.hostname === hostname) return;
  }
  if (origin.toLowerCase() !== `${isTls ? 'https' : 'http'}://${host.toLowerCase()}`)
    throw foreign('the request comes from another site');
  // A password must not cross a network as it is.
  if (!isTls && !isLoopback(nameIn(host) ?? ''))
    throw foreign('the page is not reached by HTTPS', 'let the proxy offer it by HTTPS');
}

/**
 * Browsers say from where a request comes: scripts of other sites get no answer, not even one that they could not read.
 *
 * @throws HttpError
 */
export function checkFetchSite({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw foreign('the request comes from another site');
}

function foreign(message: string, remedy?: string): HttpError {
  return new HttpError(403, message, remedy === undefined ? {} : { remedy });
}
