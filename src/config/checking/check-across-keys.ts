import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { DATABASE_KEYS } from '../keys/database.js';
import { type ConfigIssue, quoteValue } from '../reading/config-error.js';
import { checkReadable, checkTrusted } from '../reading/read-file.js';
import { entryOf, type Section } from './check-sections.js';
import type { ConfigFileInfo } from './read-password.js';

/** Faults beyond a single key: of the file, of missing keys, of values that depend on the file or on another key. */
export function checkAcrossKeys(sections: readonly Section[], info: ConfigFileInfo): ConfigIssue[] {
  const { file } = info;
  return [
    ...checkFileIsTrusted(info),
    ...checkUser(sections),
    ...checkSslCa(sections, file),
    ...checkHosts(sections),
    ...checkIdentity(sections),
    ...checkRelayPort(sections),
    ...checkControlSocket(sections, file),
    ...checkWebhook(sections, info),
    ...checkResetTimes(sections),
  ];
}

/** The commands in the file run as root, so a user who can change it is as powerful as root. */
function checkFileIsTrusted({ file }: ConfigFileInfo): ConfigIssue[] {
  const problem = checkTrusted(file);
  return problem === undefined ? [] : [{ line: 1, key: 'file', problem }];
}

/** The only key without a default. */
function checkUser(sections: readonly Section[]): ConfigIssue[] {
  const databases = sections.filter(({ kind }) => kind === 'database');
  if (databases.some((section) => entryOf(section, 'user'))) return [];
  const problem = 'is missing, allowed: the database account of the service';
  return [{ line: databases[0]?.line ?? 1, key: 'database.user', problem }];
}

function checkSslCa(sections: readonly Section[], file: string): ConfigIssue[] {
  const database = sections.find(({ kind }) => kind === 'database');
  const entry = entryOf(database, 'ssl_ca');
  if (!entry?.text) return [];
  const path = resolve(dirname(file), entry.text);
  const problem = checkReadable(path);
  if (problem === undefined) return [];
  return [{ line: entry.line, key: `${database?.label}.ssl_ca`, problem: `${quoteValue(path)} ${problem}` }];
}

/** A socket is one server, on this machine. */
function checkHosts(sections: readonly Section[]): ConfigIssue[] {
  const database = sections.find(({ kind }) => kind === 'database');
  const hosts = entryOf(database, 'host');
  const socket = entryOf(database, 'socket');
  if (!hosts?.text?.includes(',') || !socket?.text) return [];
  const problem = `is a list, and socket (line ${socket.line}) names one server, allowed: one of the two`;
  return [{ line: hosts.line, key: `${database?.label}.host`, problem }];
}

/** Node checks a certificate by the name of the host, and has none for an address. */
function checkIdentity(sections: readonly Section[]): ConfigIssue[] {
  const database = sections.find(({ kind }) => kind === 'database');
  const mode = entryOf(database, 'ssl_mode');
  if (mode?.text !== 'verify_identity') return [];
  const binlog = sections.find(({ kind }) => kind === 'binlog');
  const isSocket = Boolean(entryOf(database, 'socket')?.text);
  return [...(isSocket ? [] : [database]), binlog].flatMap((section) => {
    const hosts = entryOf(section, 'host');
    if (!hosts?.text) return [];
    const { data = [] } = DATABASE_KEYS.shape.host.safeParse(hosts.text);
    const address = data.find(({ host }) => isIP(host) !== 0)?.host;
    if (address === undefined) return [];
    const problem = `has the address ${quoteValue(address)}, which ssl_mode = verify_identity (line ${mode.line}) cannot check, allowed: the name that is in the server's certificate`;
    return [{ line: hosts.line, key: `${section?.label}.host`, problem }];
  });
}

/** A port alone would change nothing: the stream goes where the statements go. */
function checkRelayPort(sections: readonly Section[]): ConfigIssue[] {
  const binlog = sections.find(({ kind }) => kind === 'binlog');
  const port = entryOf(binlog, 'port');
  if (!port?.text || entryOf(binlog, 'host')?.text) return [];
  const problem =
    'is the port of the relays in host, which names none, allowed: with host, or port in [database]';
  return [{ line: port.line, key: `${binlog?.label}.port`, problem }];
}

/** The kernel's sun_path has 108 bytes, the last of them for the final NUL. */
const MAX_PATH_BYTES = 107;

/** The length is known only here, because relative paths start at the folder of the file. */
function checkControlSocket(sections: readonly Section[], file: string): ConfigIssue[] {
  const section = sections.find(({ kind }) => kind === 'monitor');
  const entry = entryOf(section, 'control_socket');
  if (!section || !entry?.text) return [];
  const bytes = Buffer.byteLength(resolve(dirname(file), entry.text));
  if (bytes <= MAX_PATH_BYTES) return [];
  const problem = `is the path of a Unix socket and has ${bytes} bytes, allowed: ${MAX_PATH_BYTES} bytes`;
  return [{ line: entry.line, key: `${section.label}.control_socket`, problem }];
}

/** A user who knows the address of a webhook can often post to it, so it is protected like a password (R24). */
function checkWebhook(sections: readonly Section[], { exposure, mode, file }: ConfigFileInfo): ConfigIssue[] {
  const section = sections.find(({ kind }) => kind === 'notify');
  const entry = entryOf(section, 'webhook');
  // A value that cannot be parsed may still hold a token.
  if (!section || !entry || entry.text === '' || !exposure.readers) return [];
  const problem = `${exposure.readers} may read this file and the token in it (mode ${mode}), allowed: mode 0600 (chmod 600 ${file})`;
  return [{ line: entry.line, key: `${section.label}.webhook`, problem }];
}

/** If only one of the two is set, the longer one applies. */
function checkResetTimes(sections: readonly Section[]): ConfigIssue[] {
  const section = sections.find(({ kind }) => kind === 'monitor');
  const first = entryOf(section, 'circuit_reset_time');
  const max = entryOf(section, 'circuit_reset_max');
  if (!section || !first?.text || !max?.text || Number(max.text) >= Number(first.text)) return [];
  const problem = `"${max.text}" is less than circuit_reset_time (line ${first.line}), allowed: ${first.text} or more`;
  return [{ line: max.line, key: `${section.label}.circuit_reset_max`, problem }];
}
