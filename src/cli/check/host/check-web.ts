import { X509Certificate } from 'node:crypto';
import type { WebConfig } from '../../../config/config.js';
import { type Finding, faultFinding, okFinding, warningFinding } from '../../../domain/finding.js';
import { isLoopback } from '../../../lib/is-loopback.js';

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** Checks what others would see of the page. That its files can be used was checked when they were read. */
export function checkWeb({ listen, hostname, proxyUser, users, tls }: WebConfig, now: number): Finding[] {
  if (listen === undefined) return [];
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const address = `${tls ? 'https' : 'http'}://${host}:${listen.port}/`;
  const isOpen = isLoopback(listen.host) && hostname === undefined;
  const seen = isOpen
    ? 'every user of this host sees names, states, counts and times there'
    : 'nothing is shown without a login';
  const names = [...users.keys()];
  const who = names.length === 0 ? '' : `; ${names.length === 1 ? 'user' : 'users'}: ${names.join(', ')}`;
  return [
    okFinding('web', `the page is at ${address}; ${seen}${who}`),
    ...(names.length > 0
      ? []
      : [
          warningFinding(
            'web',
            'nobody can log in',
            'monitor_service web-password NAME, and set password_file in [web]',
          ),
        ]),
    ...(isLoopback(listen.host) && hostname !== undefined && proxyUser === undefined ? [ONE_CLIENT] : []),
    ...(tls ? judgeCertificate(new X509Certificate(tls.cert), hostname, now) : []),
  ];
}

const ONE_CLIENT = warningFinding(
  'web',
  'all browsers count as one client: a wrong password in one of them slows down the login in all',
  'set proxy_user in [web] to the account of the proxy, such as www-data or nginx',
);

function judgeCertificate(
  certificate: X509Certificate,
  hostname: string | undefined,
  now: number,
): Finding[] {
  const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
  const findings: Finding[] = [];
  if (days < 0)
    findings.push(faultFinding('web', `the certificate is valid until ${certificate.validTo}`, RENEW));
  else if (days < SOON_DAYS)
    findings.push(warningFinding('web', `the certificate is valid for ${days} more days`, RENEW));
  if (hostname !== undefined && certificate.checkHost(hostname) === undefined)
    findings.push(
      warningFinding('web', `the certificate is not one for ${hostname}`, 'set hostname to a name of it'),
    );
  return findings;
}

const RENEW = 'renew it, then monitor_service reload';
