import { readFile, stat } from 'node:fs/promises';

/** Where Red Hat, Debian and SUSE keep the certificates that the host trusts. Node reads none of them by itself. */
const BUNDLES = [
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/ca-bundle.pem',
];

/**
 * Reads the certificates that this host trusts, as PEM; `SSL_CERT_FILE` names another file. Undefined if there are
 * none; then those of Node are used. Reads the file again only when it has changed.
 */
export async function readSystemCertificates(): Promise<string | undefined> {
  const named = process.env.SSL_CERT_FILE;
  for (const file of named ? [named] : BUNDLES) {
    try {
      const { mtimeMs } = await stat(file);
      if (known?.file !== file || known.mtimeMs !== mtimeMs) {
        known = { file, mtimeMs, pem: await readFile(file, 'utf8') };
      }
      return known.pem;
    } catch {
      // The next one may be there.
    }
  }
  return undefined;
}

let known: { readonly file: string; readonly mtimeMs: number; readonly pem: string } | undefined;
