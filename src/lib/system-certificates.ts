import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/** Where Red Hat, Debian and SUSE keep the certificates that the host trusts. Node reads none of them by itself. */
const BUNDLES = [
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/ca-bundle.pem',
];

/**
 * Reads the certificates that this host trusts, as PEM; `SSL_CERT_FILE` names another file. Undefined if there are
 * none; then those of Node are used. Reads the file again only when it has changed. Synchronous: the file is one of the system.
 */
export function readSystemCertificates(): string | undefined {
  return readBundle()?.pem;
}

/** The CA certificates that Node.js brings and those that this host trusts. Undefined if the host has none: then Node's count. */
export function readTrustedCertificates(): string[] | undefined {
  const pem = readSystemCertificates();
  return pem === undefined ? undefined : [...rootCertificates, pem];
}

/** The same, ready for connections. To make it takes tens of ms of the one thread, so it is kept while the file is the same. */
export function trustedContext(): SecureContext | undefined {
  const bundle = readBundle();
  if (bundle === undefined) return undefined;
  bundle.context ??= createSecureContext({ ca: [...rootCertificates, bundle.pem] });
  return bundle.context;
}

interface Bundle {
  readonly file: string;
  readonly mtimeMs: number;
  readonly pem: string;
  context?: SecureContext;
}

let known: Bundle | undefined;

function readBundle(): Bundle | undefined {
  const named = process.env.SSL_CERT_FILE;
  for (const file of named ? [named] : BUNDLES) {
    try {
      const { mtimeMs } = statSync(file);
      if (known?.file !== file || known.mtimeMs !== mtimeMs)
        known = { file, mtimeMs, pem: readFileSync(file, 'utf8') };
      return known;
    } catch {
      // The next one may be there.
    }
  }
  return undefined;
}
