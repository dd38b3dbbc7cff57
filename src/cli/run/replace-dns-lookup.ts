import dns, { type LookupAddress, type LookupOptions } from 'node:dns';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { HostLookUpError, lookUpHost } from '../../restart/processes/look-up-host.js';

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  found: string | LookupAddress[],
  family: number,
) => void;
type LookupArguments =
  | readonly [LookupCallback]
  | readonly [LookupOptions | number | undefined, LookupCallback];

const GETENT = ['/usr/bin/getent', '/bin/getent'];

/**
 * Lets a child look up each host name from now on (R33). Node.js uses its threads for files for that: four names without
 * an answer would hold up every file and the end of the process. This replaces `dns.lookup`, which the connections of all
 * packages use. `localhost` stays with Node.js, because no server is asked for it. Returns false, and changes nothing, if
 * there is no getent.
 */
export function replaceDnsLookup(): boolean {
  if (!GETENT.some((place) => existsSync(place))) return false;
  const byThread = dns.lookup;
  const lookup = (hostname: string, ...rest: LookupArguments): void => {
    const [options, callback] = readArguments(rest);
    if (!hostname || hostname === 'localhost' || isIP(hostname) !== 0) {
      byThread(hostname, options, callback);
      return;
    }
    lookUpHost(hostname).then(
      (addresses) => answer(hostname, addresses, options, callback),
      (error: Error) => callback(error, '', 0),
    );
  };
  Reflect.set(dns, 'lookup', lookup);
  return true;
}

function readArguments(rest: LookupArguments): [LookupOptions, LookupCallback] {
  if (rest.length === 1) return [{}, rest[0]];
  const [options = {}, callback] = rest;
  return [typeof options === 'number' ? { family: options } : options, callback];
}

function answer(
  hostname: string,
  addresses: readonly LookupAddress[],
  { all, family = 0 }: LookupOptions,
  callback: LookupCallback,
): void {
  const wanted = addresses.filter((each) => family === 0 || `${family}`.endsWith(`${each.family}`));
  const [first] = wanted;
  if (!first) callback(new HostLookUpError(hostname, 'ENOTFOUND'), '', 0);
  else if (all) callback(null, wanted, 0);
  else callback(null, first.address, first.family);
}
