import { dirname } from 'node:path';
import type { Config } from '../../../config/config.js';
import { type Finding, faultFinding, okFinding, warningFinding } from '../../../domain/finding.js';
import { findForeignHand } from '../../../lib/files/find-foreign-hand.js';
import { isSystemdRunning } from '../../../restart/systemd/detect-systemd.js';
import { inspectFile, inspectFolder } from './inspect-path.js';

/** Checks owner and mode of the files that are read, and whether the other files can be written. */
export async function checkPaths(config: Config): Promise<Finding[]> {
  const { file, database, logging, monitor, metrics } = config;
  const files: [string, string][] = [['config.ini', file]];
  if (database.passwordFile !== undefined) files.push(['password_file', database.passwordFile]);
  if (database.sslCa !== undefined) files.push(['ssl_ca', database.sslCa]);
  const folders: [string, string][] = [
    ['state_file', dirname(monitor.stateFile)],
    ['log', dirname(logging.file)],
    ['control_socket', dirname(monitor.controlSocket)],
  ];
  return [
    ...(await Promise.all(files.map(([subject, path]) => checkFile(subject, path)))),
    ...(await Promise.all(folders.map(([subject, path]) => checkFolder(subject, path)))),
    ...(metrics.textfile === undefined ? [] : [await checkTextfile(dirname(metrics.textfile))]),
  ];
}

/**
 * Whether others may read the file was checked when it was read (R24). A user who is not root may rely on files of his
 * own; a service that runs as root would refuse them.
 */
async function checkFile(subject: string, path: string): Promise<Finding> {
  const facts = await inspectFile(path);
  if (!facts) return faultFinding(subject, `cannot inspect ${path}`, 'run it again with sudo');
  const hand = findForeignHand(path, { uid: 0, gid: 0 });
  if (!hand) return okFinding(subject, `${path}, root's, mode ${facts.mode}`);
  const what = `${hand.path} ${hand.problem}`;
  return warningFinding(subject, `a service that runs as root refuses ${path}: ${what}`, hand.remedy);
}

/** The folder belongs to node_exporter: the service does not create it. */
async function checkTextfile(folder: string): Promise<Finding> {
  const isThere = (await inspectFolder(folder)).kind !== 'to-be-made';
  if (isThere) return checkFolder('textfile', folder);
  return faultFinding('textfile', `${folder} does not exist`, 'create it, and let node_exporter read it');
}

async function checkFolder(subject: string, folder: string): Promise<Finding> {
  const forbidden = isSystemdRunning() ? UNIT_MAY_NOT_WRITE.exec(folder)?.[0] : undefined;
  if (forbidden) {
    const reason = `the systemd unit cannot write ${folder}: ${forbidden} is read-only for it`;
    return faultFinding(subject, reason, 'move it below /var, or set ReadWritePaths= with systemctl edit');
  }
  const verdict = await inspectFolder(folder);
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

/** ProtectSystem=full and ProtectHome=read-only of the unit. */
const UNIT_MAY_NOT_WRITE = /^\/(usr|boot|efi|etc|home|root)(?=\/|$)/;
