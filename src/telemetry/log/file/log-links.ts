import { existsSync, lstatSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/**
 * `current.log` beside the numbered files leads to the active one. Replaced in one step, so that a `tail -F`
 * never finds it missing. Throws when it cannot be made, or when the place is taken by something else.
 *
 * pino-roll can keep this link itself, but a link that it cannot make costs it the whole log file and leaves
 * a descriptor open at each new try.
 */
export function pointCurrentLink(activeFile: string): void {
  const link = currentLink(activeFile);
  const there = lstatSync(link, { throwIfNoEntry: false });
  if (there && !there.isSymbolicLink()) throw new Error(`${link} is not a symbolic link and was left alone`);
  if (there && readlinkSync(link) === basename(activeFile)) return;
  const prepared = `${link}.new`;
  rmSync(prepared, { force: true });
  symlinkSync(basename(activeFile), prepared);
  renameSync(prepared, link);
}

/**
 * The log's well-known name one directory up (`/var/log/monitor_service.log` for
 * `/var/log/monitor_service/monitor_service.log`) leads to `current.log`. Only a free place or a dangling link
 * is taken: a regular file is the log of an older service, and another link is somebody's decision.
 * Throws when the place is taken or the link cannot be made.
 */
export function makeWellKnownLink(configuredFile: string): void {
  const link = join(dirname(dirname(configuredFile)), basename(configuredFile));
  const target = relative(dirname(link), currentLink(configuredFile));
  const there = lstatSync(link, { throwIfNoEntry: false });
  if (there && !there.isSymbolicLink()) {
    throw new Error(
      `${link} is an older file and was left alone: move it away to have a link to the log there`,
    );
  }
  if (there) {
    if (readlinkSync(link) === target) return;
    if (existsSync(link)) throw new Error(`${link} leads somewhere else and was left alone`);
    unlinkSync(link);
  }
  symlinkSync(target, link);
}

function currentLink(file: string): string {
  return join(dirname(file), 'current.log');
}
