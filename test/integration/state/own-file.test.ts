import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import {
  chmod,
  chown,
  lchown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOwnFile } from '../../../src/lib/files/own-file.js';
import { writeFileAtomically } from '../../../src/lib/files/write-file-atomically.js';
import { readStartMemory } from '../../../src/restart/start/start-memory-file.js';
import { appendHistory } from '../../../src/state/append-history.js';
import { inspectStateFile } from '../../../src/state/inspect-state-file.js';
import { readHistory } from '../../../src/state/read-history.js';
import { EMPTY_STATE, formatState } from '../../../src/state/saved-state.js';
import { loadStateFile, writeStateFile } from '../../../src/state/state-file.js';
import { lockState } from '../../../src/state/state-lock.js';
import { waitFor } from '../../support/restart/wait-for.js';

const ANOTHER = 12_345;
const isRoot = process.getuid?.() === 0;

/** A folder of another user, with what he has put there, and a file of ours elsewhere that he would like to change. */
describe.skipIf(!isRoot)('files of ours in a folder of another user', () => {
  let top: string;
  let theirs: string;
  let ours: string;

  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), 'monitor_service-own-'));
    await chmod(top, 0o755);
    theirs = join(top, 'theirs');
    await mkdir(theirs);
    await chown(theirs, ANOTHER, ANOTHER);
    ours = join(top, 'passwd');
    await writeFile(ours, 'root:x\n', { mode: 0o644 });
  });
  afterEach(() => rm(top, { recursive: true, force: true }));

  const linkOfHis = async (target: string, path: string): Promise<void> => {
    await symlink(target, path);
    await lchown(path, ANOTHER, ANOTHER);
  };
  const inTheirs = (name: string): string => join(theirs, name);
  const isUntouched = async (): Promise<boolean> => (await readFile(ours, 'utf8')) === 'root:x\n';

  it('the state file replaces a link under its own name and under that of the new one', async () => {
    await linkOfHis(ours, inTheirs('state.json.new'));
    await linkOfHis(ours, inTheirs('state.json'));
    await writeStateFile(inTheirs('state.json'), EMPTY_STATE);
    expect(await isUntouched()).toBe(true);
    expect((await lstat(inTheirs('state.json'))).isFile()).toBe(true);
    expect(await readdir(theirs)).toEqual(['state.json']);
  });

  it.each([
    ['the history', (file: string) => appendHistory(file, 'line\n', 1000)],
    [
      'the lock',
      async (file: string) => {
        const outcome = await lockState(file.replace(/\.lock$/, ''));
        if (outcome.kind !== 'held') throw new Error(JSON.stringify(outcome));
      },
    ],
  ])('%s follows no link, symbolic or hard, and takes no file of his', async (_, use) => {
    const file = inTheirs('file.lock');
    await linkOfHis(ours, file);
    await expect(use(file)).rejects.toThrow(
      /file\.lock is a symbolic link of uid 12345, which is not followed: remove it/,
    );
    await rm(file);
    await linkOfHis(join(top, 'made'), file);
    await expect(use(file)).rejects.toThrow('symbolic link');
    await rm(file);
    await link(ours, file);
    await expect(use(file)).rejects.toThrow('has another name elsewhere');
    await rm(file);
    await writeFile(file, '');
    await chown(file, ANOTHER, ANOTHER);
    await expect(use(file)).rejects.toThrow(`belongs to uid ${ANOTHER}`);
    expect(await isUntouched()).toBe(true);
    expect(await readdir(top)).toEqual(['passwd', 'theirs']);
  });

  it('no link of his is followed on the way, one of root is', async () => {
    await mkdir(join(top, 'etc'));
    await symlink(join(top, 'etc'), inTheirs('logs'));
    await expect(lstat(inTheirs('logs')).then(({ uid }) => uid)).resolves.toBe(0);
    await writeFileAtomically(inTheirs('logs/x'), 'text', { mode: 0o600, isFolderOurs: true });
    expect(await readdir(join(top, 'etc'))).toEqual(['x']);
    await lchown(inTheirs('logs'), ANOTHER, ANOTHER);
    const again = writeFileAtomically(inTheirs('logs/deep/y'), 'text', { mode: 0o600, isFolderOurs: true });
    await expect(again).rejects.toThrow(`logs is a symbolic link of uid ${ANOTHER}`);
    expect(await readdir(join(top, 'etc'))).toEqual(['x']);
  });

  it('what he wrote is not believed: neither breakers nor programs to start', async () => {
    for (const name of ['state.json', 'state.json.starts']) {
      await writeFile(inTheirs(name), '{"version":1,"starts":{}}');
      await chown(inTheirs(name), ANOTHER, ANOTHER);
    }
    const problems: string[] = [];
    expect(await loadStateFile(inTheirs('state.json'), (problem) => problems.push(problem))).toEqual(
      EMPTY_STATE,
    );
    expect(problems).toEqual([expect.stringContaining(`belongs to uid ${ANOTHER}`)]);
    await expect(readStartMemory(inTheirs('state.json.starts'))).rejects.toThrow(`belongs to uid ${ANOTHER}`);
  });

  it.each([
    [
      'the history',
      async (file: string) => {
        for await (const _ of readHistory(file));
      },
    ],
    [
      'the older history',
      async (file: string) => {
        for await (const _ of readHistory(file.replace(/\.1$/, '')));
      },
    ],
    [
      'the state, for a person',
      async (file: string) => {
        const { problem } = await inspectStateFile(file);
        if (problem !== undefined) throw new Error(problem);
      },
    ],
  ])('%s is not read from a link or a file of his, and no FIFO is waited for', async (_, read) => {
    const file = inTheirs('file.1');
    await writeFile(join(top, 'state'), formatState(EMPTY_STATE));
    await linkOfHis(join(top, 'state'), file);
    await expect(read(file)).rejects.toThrow('file.1 is a symbolic link of uid 12345');
    await rm(file);
    await writeFile(file, formatState(EMPTY_STATE));
    await chown(file, ANOTHER, ANOTHER);
    await expect(read(file)).rejects.toThrow(`belongs to uid ${ANOTHER}: run this as uid ${ANOTHER}`);
    await rm(file);
    await promisify(execFile)('mkfifo', [file]);
    await expect(read(file)).rejects.toThrow('is not a regular file: move it away');
  });

  it('R32: who holds the lock is read from the file that is locked, not from what he has put under its name', async () => {
    const state = inTheirs('state.json');
    const file = `${state}.lock`;
    expect(await lockState(state)).toEqual({ kind: 'held' });
    const second = lockState(state, 1000);
    await waitFor('flock', async () => {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const files = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/fd/3`).catch(() => '')));
      return pids.some((pid, index) => files[index] === file && pid !== `${process.pid}`);
    });
    await rename(file, `${file}.away`);
    await writeFile(file, '{"pid":1,"startedAt":1}');
    expect(await second).toMatchObject({ kind: 'taken', holder: { pid: process.pid } });
  });
});

describe('a file of ours', () => {
  it('gets its mode whatever the umask is, in a folder that is there or is ours to make', async () => {
    const top = await mkdtemp(join(tmpdir(), 'monitor_service-own-'));
    const before = process.umask(0o077);
    try {
      const file = join(top, 'a/b');
      await expect(writeFileAtomically(file, '', { mode: 0o644, isFolderOurs: false })).rejects.toThrow(
        'ENOENT',
      );
      await writeFileAtomically(file, 'x', { mode: 0o644, isFolderOurs: true });
      expect((await stat(file)).mode & 0o777).toBe(0o644);
      await expect(openOwnFile(join(top, 'c/d'), constants.O_RDONLY, 0)).rejects.toThrow('ENOENT');
      expect(await readdir(top)).toEqual(['a']);
    } finally {
      process.umask(before);
      await rm(top, { recursive: true });
    }
  });
});
