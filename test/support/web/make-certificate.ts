import { execFile } from 'node:child_process';
import { chmod, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
}

/** A certificate for `localhost` and `page.example.com` that signs itself, with its key; `path` says where. */
export async function makeCertificate(path: (name: string) => string): Promise<TestCertificate> {
  const certFile = path('web-cert.pem');
  const keyFile = path('web-key.pem');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:page.example.com'],
    ...['-keyout', keyFile, '-out', certFile],
  ]);
  await chmod(keyFile, 0o600);
  return { certFile, keyFile, cert: await readFile(certFile, 'utf8') };
}
