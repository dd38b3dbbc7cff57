import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { WebConfig } from '../../config/config.js';
import { isLoopback } from '../../lib/is-loopback.js';

/**
 * Whether the Host header names this page. A page of another site can let its own name lead to this address (DNS
 * rebinding), and its scripts would then be of the same origin. Such an attack needs a name: an address is always what
 * it says.
 */
export function createHostCheck({
  listen,
  hostname,
  tls,
}: WebConfig): (header: string | undefined) => boolean {
  const isLocal = listen !== undefined && isLoopback(listen.host);
  const certificate = tls && new X509Certificate(tls.cert);
  return (header) => {
    const name = nameIn(header);
    if (name === undefined) return false;
    if (isLoopback(name) || name === hostname) return true;
    if (isLocal) return false;
    return (
      isIP(name) !== 0 || name === listen?.host.toLowerCase() || certificate?.checkHost(name) !== undefined
    );
  };
}

/** `name`, `name:port`, `[address]` or `[address]:port`; the name in lower case, the address without brackets. */
export function nameIn(header: string | undefined): string | undefined {
  const [, address, name] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/.exec(header?.toLowerCase() ?? '') ?? [];
  return address ?? name;
}
