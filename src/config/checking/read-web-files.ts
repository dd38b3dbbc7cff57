import { createPrivateKey, X509Certificate } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { isWebUserName, WEB_USER_NAMES } from '../../domain/web-user.js';
import { parsePasswordHash } from '../../lib/password-hash.js';
import type { WebFiles } from '../keys/web.js';
import { type ConfigIssue, quoteValue } from '../reading/config-error.js';
import { checkTrusted, FILE_MISSING, readTextFile } from '../reading/read-file.js';
import { entryOf, type Section } from './check-sections.js';
import type { ConfigFileInfo } from './read-password.js';
import { type AbsentOr, readSecretFile } from './read-secret-file.js';

/**
 * Reads the users and the certificate of the page. A file that cannot be used costs the page and nothing else: restarts
 * must not depend on it. No fault shows anything of a hash or a key (R24).
 */
export function readWebFiles(
  sections: readonly Section[],
  { file: configFile, isForAnother }: Pick<ConfigFileInfo, 'file' | 'isForAnother'>,
  env: NodeJS.ProcessEnv,
): { readonly web: WebFiles | undefined; readonly faults: readonly ConfigIssue[] } {
  const section = sections.find(({ kind }) => kind === 'web');
  const textOf = (key: string): string => entryOf(section, key)?.text ?? '';
  if (!section || textOf('listen') === '') return { web: { users: new Map() }, faults: [] };
  const faults: ConfigIssue[] = [];
  const add = (key: string, problem: string) =>
    faults.push({
      line: entryOf(section, key)?.line ?? section.line,
      key: `${section.label}.${key}`,
      problem,
      costsSection: true,
    });

  let users: ReadonlyMap<string, string> = new Map();
  let passwordFile: string | undefined;
  if (textOf('password_file') !== '') {
    const reading = readSecretFile(textOf('password_file'), configFile, env);
    const parsed = 'problem' in reading ? reading : parseUsers(reading.text, quoteValue(reading.path));
    const isAbsent = 'isAbsent' in parsed && parsed.isAbsent === true;
    if ('problem' in parsed) {
      if (!(isAbsent && isForAnother)) add('password_file', parsed.problem);
    } else users = parsed.users;
    if ('path' in reading) passwordFile = reading.path;
  }
  let tls: WebFiles['tls'];
  if (textOf('tls_cert') !== '' && textOf('tls_key') !== '') {
    const reading = readCertificate(textOf('tls_cert'), textOf('tls_key'), configFile, env);
    if ('problem' in reading) {
      if (!(reading.isAbsent && isForAnother)) add(reading.fault, reading.problem);
    } else tls = reading;
  }
  if (faults.length > 0) return { web: undefined, faults };
  return { web: { users, ...(passwordFile && { passwordFile }), ...(tls && { tls }) }, faults };
}

/** Lines `NAME:HASH`; empty lines and those that begin with # do not count. */
function parseUsers(
  text: string,
  shown: string,
): { readonly users: ReadonlyMap<string, string> } | { readonly problem: string } {
  const allowed = 'allowed: lines that monitor_service web-password NAME makes';
  const users = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const where = `${shown} line ${index + 1}`;
    const [, name = '', hash = ''] = /^([^:]*):(.*)$/.exec(line.trim()) ?? [];
    if (!isWebUserName(name))
      return { problem: `${where} has no name of a user, allowed: ${WEB_USER_NAMES}` };
    if (users.has(name)) return { problem: `${where} is the second one for ${name}, allowed: one` };
    if (!parsePasswordHash(hash)) return { problem: `${where} has no hash that can be used, ${allowed}` };
    users.set(name, hash);
  }
  return users.size > 0 ? { users } : { problem: `${shown} has no user, ${allowed}` };
}

function readCertificate(
  cert: string,
  key: string,
  configFile: string,
  env: NodeJS.ProcessEnv,
): NonNullable<WebFiles['tls']> | AbsentOr<{ readonly fault: string; readonly problem: string }> {
  const certFile = resolve(dirname(configFile), cert);
  const shown = quoteValue(certFile);
  const certText = readTextFile(certFile);
  const distrust = 'problem' in certText ? certText.problem : checkTrusted(certFile);
  if (distrust !== undefined || 'problem' in certText) {
    const problem = `${shown} ${distrust}`;
    return { fault: 'tls_cert', problem, ...(distrust === FILE_MISSING ? { isAbsent: true } : {}) };
  }
  const keyText = readSecretFile(key, configFile, env);
  if ('problem' in keyText) return { ...keyText, fault: 'tls_key' };
  const certificate = attempt(() => new X509Certificate(certText.text));
  if (!certificate) return { fault: 'tls_cert', problem: `${shown} is no certificate, allowed: PEM` };
  const privateKey = attempt(() => createPrivateKey(keyText.text));
  const keyShown = quoteValue(keyText.path);
  if (!privateKey) {
    return { fault: 'tls_key', problem: `${keyShown} is no private key, allowed: PEM without a passphrase` };
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    return {
      fault: 'tls_key',
      problem: `${keyShown} is not the key of ${shown}, allowed: the key of its first certificate`,
    };
  }
  return { cert: certText.text, key: keyText.text };
}

/** The error of OpenSSL says nothing more. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
