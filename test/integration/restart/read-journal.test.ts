import { delimiter } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readMatches } from '../../../src/restart/systemd/read-journal.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await work.remove();
});

describe('the output of a unit in the journal', () => {
  it('is the end of it, however much a daemon has written in a few lines', async () => {
    // A journal with entries of this size needs systemd as pid 1, and its daemon to have taken them.
    await work.script('journalctl', [
      '[ "$1" != --sync ] || exit 0',
      "head -c 8000000 /dev/zero | tr '\\0' x",
      'printf "\\nlast words\\n"',
    ]);
    vi.stubEnv('PATH', `${work.directory}${delimiter}${process.env.PATH}`);
    const text = await readMatches(['_SYSTEMD_UNIT=a.service'], { maxLines: 2, timeoutMs: 60_000 });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.slice(-11)).toBe('\nlast words');
  });

  it('is empty where there is no journalctl', async () => {
    vi.stubEnv('PATH', work.directory);
    expect(await readMatches([], { maxLines: 2, timeoutMs: 60_000 })).toBe('');
  });
});
