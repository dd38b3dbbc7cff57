import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_STATE, type SavedState } from '../../../src/state/saved-state.js';
import { loadStateFile, writeStateFile } from '../../../src/state/state-file.js';

const state: SavedState = {
  breakers: new Map([
    [5, { state: 'open', generation: 3, failures: 3, openings: 1, openedAt: 1_790_000_000_000 }],
  ]),
  restarts: new Map([['nginx', [1_790_000_000_300]]]),
  verified: new Map([[9, 1_790_000_000_500]]),
  unproven: new Map([[8, 1_790_000_000_400]]),
  owed: [{ processName: 'web', with: 'db', since: 1_790_000_000_500 }],
  pauses: [{ processName: 'httpd', since: 1_790_000_000_000, by: 'alice' }],
  endedRuns: [{ maintenance: 'backup', since: 1_790_000_000_000, until: 1_790_000_007_200 }],
  unconfirmed: new Map([[10, 1_790_000_000_600]]),
  answered: [11],
  recentClears: { server: 'one', clearedAt: new Map([[12, 1_790_000_000_700]]) },
  names: new Map([[5, 'httpd']]),
  answeredIsCut: false,
};

describe('state file', () => {
  let directory: string;
  let file: string;
  let problems: string[];
  const read = (): Promise<SavedState> => loadStateFile(file, (problem) => problems.push(problem));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'monitor_service-state-'));
    file = join(directory, 'new', 'folders', 'state.json');
    problems = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('R11: reads what it wrote, in folders that it makes, for nobody else to read', async () => {
    await writeStateFile(file, state);
    expect(await read()).toEqual(state);
    expect(problems).toEqual([]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(directory, 'new', 'folders'))).toEqual(['state.json']);
  });

  it('R11: a missing file is a fresh start without a word', async () => {
    expect(await read()).toEqual(EMPTY_STATE);
    expect(problems).toEqual([]);
  });

  it('R11: keeps a file that it cannot understand, and says so', async () => {
    await writeStateFile(file, state);
    await writeFile(file, '{"version":1,"circ');
    expect(await read()).toEqual(EMPTY_STATE);
    expect(problems).toEqual([
      `the state file ${file} is damaged or of another version (kept as ${file}.bad); all breakers start closed and there are no pauses`,
    ]);
    expect(await readFile(`${file}.bad`, 'utf8')).toBe('{"version":1,"circ');
    await writeStateFile(file, state);
    expect(await read()).toEqual(state);
  });

  it.each([
    ['empty', ''],
    ['binary', '\u0000\u0001\ufffd'],
    ['foreign', '{"name":"monitor_service","version":"0.1.0"}'],
    ['of a later version', '{"version":2,"circuits":{},"verified":{},"running":[]}'],
  ])('R11: one that is %s is kept beside, and told of', async (_, text) => {
    await writeStateFile(file, state);
    await writeFile(file, text);
    expect(await read()).toEqual(EMPTY_STATE);
    expect(problems).toEqual([
      expect.stringContaining(`(kept as ${file}.bad); all breakers start closed and there are no pauses`),
    ]);
    expect(await readFile(`${file}.bad`, 'utf8')).toBe(text);
    expect(await readdir(join(directory, 'new', 'folders'))).toEqual(['state.json.bad']);
  });

  it('R11: an entry that cannot be read is told of, and costs only itself', async () => {
    await writeStateFile(file, state);
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('"answered": [', '"answered": [ "x",').replace('"pauses": [', '"pauses": [ null,'),
    );
    expect(await read()).toEqual(state);
    expect(problems).toEqual([
      `the state file ${file} has entries that cannot be read, they are left out: pauses.0, answered.0`,
    ]);
  });

  it('R11: a folder in its place is told of, and the service starts', async () => {
    await mkdir(file, { recursive: true });
    expect(await read()).toEqual(EMPTY_STATE);
    expect(problems).toEqual([
      expect.stringMatching(
        /cannot read the state file: .* is not a regular file: move it away; all breakers start closed and there are no pauses$/,
      ),
    ]);
  });

  it('R11: a write that fails leaves the old file as it was', async () => {
    await writeStateFile(file, state);
    // A folder in the place of the file beside it: the new text cannot even be begun.
    await rm(`${file}.new`, { force: true });
    await mkdir(join(`${file}.new`, 'in the way'), { recursive: true });
    await expect(writeStateFile(file, EMPTY_STATE)).rejects.toThrow();
    expect(await read()).toEqual(state);
  });
});
