import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeCommand } from '../../../src/restart/commands/judge-command.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

describe('a command that is looked at and not run', () => {
  let work: Workspace;
  beforeEach(async () => {
    work = await createWorkspace();
  });
  afterEach(() => work.remove());

  it('has a program that is there, by path or on the usual PATH', async () => {
    const file = await work.script('run', ['exit 1']);
    expect(await judgeCommand(`${file} -x`, '')).toEqual({ kind: 'found', file });
    expect(await judgeCommand('sh -c true', '')).toMatchObject({ kind: 'found' });
  });

  it('has one that is missing, a folder, or not executable', async () => {
    const plain = work.path('plain');
    await writeFile(plain, '');
    expect(await judgeCommand('no-such-program', '')).toEqual({ kind: 'missing', word: 'no-such-program' });
    expect(await judgeCommand(`${plain}-not x`)).toEqual({ kind: 'missing', word: `${plain}-not` });
    expect(await judgeCommand(work.directory)).toEqual({ kind: 'missing', word: work.directory });
    expect(await judgeCommand(plain)).toEqual({ kind: 'not-executable', file: plain });
  });

  it('has one that only the PATH of the person knows', async () => {
    const name = work.name();
    const file = await work.script(name, ['exit 0']);
    expect(await judgeCommand(name, work.directory)).toEqual({ kind: 'elsewhere', word: name, file });
  });

  it('is left to the shell where it is more than a plain word', async () => {
    expect(await judgeCommand('cd /x && ./y')).toEqual({ kind: 'unknown' });
  });
});
