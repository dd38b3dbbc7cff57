import { dirname, join } from 'node:path';
import type { Config } from '../../../config/config.js';
import { CannotTellError } from '../../../domain/cycle/restart-target.js';
import { type Finding, faultFinding, okFinding, warningFinding } from '../../../domain/finding.js';
import { findUntrustedPlace } from '../../../lib/files/find-untrusted-place.js';
import { lookAtPaths } from '../../../restart/processes/look-at-paths.js';
import { inspectFile, inspectFolder, inspectOwnFile } from './inspect-path.js';
import { findReadOnly, readSandbox, type Sandbox } from './service-sandbox.js';

/** Checks owner and mode of the files that are read, and whether the other files can be written. */
export async function checkPaths(config: Config): Promise<Finding[]> {
  const { file, database, logging, monitor, web } = config;
  const { textfile } = config.metrics;
  const files: [string, string][] = [['config.ini', file]];
  if (database.passwordFile !== undefined) files.push(['password_file', database.passwordFile]);
  if (database.sslCa !== undefined) files.push(['ssl_ca', database.sslCa]);
  if (web.listen && web.passwordFile !== undefined) files.push(['password_file of [web]', web.passwordFile]);
  if (web.listen && web.tlsCert !== undefined) files.push(['tls_cert', web.tlsCert]);
  if (web.listen && web.tlsKey !== undefined) files.push(['tls_key', web.tlsKey]);
  const sandbox = await readSandbox();
  const written: [string, string, readonly string[]][] = [
    ['state_file', monitor.stateFile, ['', '.starts', '.lock'].map((suffix) => monitor.stateFile + suffix)],
    ['history_file', monitor.historyFile, [monitor.historyFile]],
    ['log', logging.file, [join(dirname(logging.file), 'current.log')]],
    ['control_socket', monitor.controlSocket, []],
  ];
  return [
    ...(await Promise.all(
      files.map(([subject, path]) => ifItAnswers(subject, path, () => checkFile(subject, path))),
    )),
    ...(await Promise.all(
      written.map(([subject, path, own]) =>
        ifItAnswers(subject, path, () => checkWritten(subject, dirname(path), own, sandbox)),
      ),
    )),
    ...(textfile === undefined
      ? []
      : [await ifItAnswers('textfile', textfile, () => checkTextfile(dirname(textfile), sandbox))]),
  ];
}

/** A child looks first: on a dead mount the check would never end (R33). */
async function ifItAnswers(subject: string, path: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    await lookAtPaths([path]);
  } catch (error) {
    if (!(error instanceof CannotTellError)) throw error;
    return faultFinding(subject, error.message, error.remedy);
  }
  return await check();
}

/**
 * Checks who could change a file that the service reads; who may read it was checked when it was read (R24). A user who
 * is not root may rely on files of his own, but a service that runs as root would refuse them.
 */
async function checkFile(subject: string, path: string): Promise<Finding> {
  const facts = await inspectFile(path);
  if (!facts) return faultFinding(subject, `cannot inspect ${path}`, 'run it again with sudo');
  const untrusted = findUntrustedPlace(path, { uid: 0, gid: 0 });
  if (!untrusted) return okFinding(subject, `${path}, root's, mode ${facts.mode}`);
  const what = `${untrusted.path} ${untrusted.problem}`;
  return warningFinding(subject, `a service that runs as root refuses ${path}: ${what}`, untrusted.remedy);
}

/** The folder of the textfile belongs to node_exporter, so the service does not create it. */
async function checkTextfile(folder: string, sandbox: Sandbox | undefined): Promise<Finding> {
  const isThere = (await inspectFolder(folder, sandbox)).kind !== 'to-be-made';
  if (isThere) return checkFolder('textfile', folder, sandbox);
  return faultFinding('textfile', `${folder} does not exist`, 'create it, and let node_exporter read it');
}

/** Checks a folder that the service writes to, and its own files there: it uses none that another user made. */
async function checkWritten(
  subject: string,
  folder: string,
  files: readonly string[],
  sandbox: Sandbox | undefined,
): Promise<Finding> {
  for (const file of files) {
    const problem = await inspectOwnFile(file);
    if (problem !== undefined) {
      return faultFinding(
        subject,
        `the service does not use ${file}: it ${problem}`,
        `mv ${file} ${file}.old`,
      );
    }
  }
  return checkFolder(subject, folder, sandbox);
}

/** Checks the folder as the service sees it: in the sandbox of its unit, as root without CAP_DAC_OVERRIDE. */
async function checkFolder(subject: string, folder: string, sandbox: Sandbox | undefined): Promise<Finding> {
  const forbidden = sandbox && findReadOnly(folder, sandbox);
  if (forbidden) {
    const reason = `the systemd unit cannot write ${folder}: ${forbidden} is read-only for it`;
    return faultFinding(subject, reason, 'move it below /var, or set ReadWritePaths= with systemctl edit');
  }
  const verdict = await inspectFolder(folder, sandbox);
  switch (verdict.kind) {
    case 'writable':
      return okFinding(subject, `${folder} can be written`);
    case 'to-be-made':
      return okFinding(subject, `${folder} will be created below ${verdict.parent}`);
    case 'open-to-all':
      return warningFinding(
        subject,
        `every user may write to ${folder} (mode ${verdict.mode})`,
        `chmod o-w ${folder}`,
      );
    case 'of-another':
      return faultFinding(
        subject,
        `the service may not write ${verdict.folder}: it belongs to uid ${verdict.uid} (mode ${verdict.mode}), and the unit has no CAP_DAC_OVERRIDE`,
        `chown root ${verdict.folder}`,
      );
    case 'forbidden': {
      const message = `this user may not write ${verdict.folder}`;
      const isRoot = process.getuid?.() === 0;
      return isRoot
        ? faultFinding(subject, message, `let root write to ${folder}, or set another path`)
        : warningFinding(subject, `${message}; root may be able to`, 'run it again with sudo');
    }
    case 'unusable':
      return faultFinding(
        subject,
        `${verdict.folder} ${verdict.problem}`,
        `make ${folder} writable for root, or set another path`,
      );
  }
}
