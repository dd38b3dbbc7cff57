import { existsSync, lstatSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/**
 * `current.log` beside the numbered files points to the active one. It is replaced in one step, so that `tail -F` never
 * finds it missing. Throws if it cannot be created, or if another file has its name.
 *
 * pino-roll can keep this link itself. But if it cannot create the link, it loses the whole log file, and leaks a
 * descriptor with each new try.
 */
export function pointCurrentLink(activeFile: string): void {
  const link = currentLink(activeFile);
  const there = lstatSync(link, { throwIfNoEntry: false });
  if (there && !there.isSymbolicLink()) throw new Error(`${link} is not a symbolic link and was not changed`);
  if (there && readlinkSync(link) === basename(activeFile)) return;
  const prepared = `${link}.new`;
  rmSync(prepared, { force: true });
  symlinkSync(basename(activeFile), prepared);
  renameSync(prepared, link);
}

/**
 * The log's well-known name one directory up (`/var/log/monitor_service.log` for
 * `/var/log/monitor_service/monitor_service.log`) points to `current.log`. Only a missing or dangling link is replaced:
 * a regular file is the log of an older service, and another link is an admin's decision. Throws if the name is taken
 * or the link cannot be created.
 */
export function makeWellKnownLink(configuredFile: string): void {
  const link = join(dirname(dirname(configuredFile)), basename(configuredFile));
  const target = relative(dirname(link), currentLink(configuredFile));
  const there = lstatSync(link, { throwIfNoEntry: false });
  if (there && !there.isSymbolicLink()) {
    throw new Error(
      `${link} is an older file and was not changed: move it away to get a link to the log there`,
    );
  }
  if (there) {
    if (readlinkSync(link) === target) return;
    if (existsSync(link)) throw new Error(`${link} points elsewhere and was not changed`);
    unlinkSync(link);
  }
  symlinkSync(target, link);
}

function currentLink(file: string): string {
  return join(dirname(file), 'current.log');
}
