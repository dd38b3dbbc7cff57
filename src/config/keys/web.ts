import { resolve } from 'node:path';
import * as z from 'zod';
import { optionalAddress } from './address-keys.js';
import { omitAbsent } from './omit-absent.js';
import { hostName, optionalPath, optionalText } from './text-keys.js';

export const WEB_KEYS = z.object({
  listen: optionalAddress({
    why: 'Address of the page, such as 127.0.0.1:9751. Without it there is none. Other hosts reach it with a login and TLS only.',
  }),
  hostname: hostName({
    why: 'Name under which a proxy, or TLS, offers the page. If it is set, nothing is shown without a login.',
  }),
  proxy_user: optionalText({
    why: 'Account of the proxy on this host, such as www-data or nginx: the addresses that it forwards are believed, and those of root.',
  }),
  password_file: optionalPath({
    why: 'Users of the page, a line NAME:HASH each, made by monitor_service web-password NAME. The path may begin with $CREDENTIALS_DIRECTORY.',
  }),
  tls_cert: optionalPath({ why: 'Certificate (PEM) with its chain: the page is then served by HTTPS.' }),
  tls_key: optionalPath({ why: 'Private key (PEM) of that certificate, as private as this file.' }),
});

/** What was read from the files that the section names. */
export interface WebFiles {
  readonly users: ReadonlyMap<string, string>;
  /** Where it was found. */
  readonly passwordFile?: string;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export type WebConfig = ReturnType<typeof buildWeb>;

/** `files` is undefined if one of them cannot be used: then there is no page. */
export function buildWeb(keys: z.output<typeof WEB_KEYS>, folder: string, files: WebFiles | undefined) {
  const path = (written: string | undefined) =>
    written === undefined ? undefined : resolve(folder, written);
  return omitAbsent({
    /** Absent: there is no page, and no other key has been looked at. */
    listen: files && keys.listen,
    hostname: keys.hostname,
    /** Whose word for the address of a browser counts, and root's. Absent: nobody's. */
    proxyUser: keys.proxy_user,
    /** The hash of the password of each user. Never logged (R24). Empty: nobody can log in. */
    users: files?.users ?? new Map<string, string>(),
    passwordFile: files?.passwordFile ?? path(keys.password_file),
    tlsCert: path(keys.tls_cert),
    tlsKey: path(keys.tls_key),
    /** What these two hold. Never logged (R24). */
    tls: files?.tls,
  });
}
