import { afterEach, expect, it, vi } from 'vitest';
import { runAndReport } from '../../../../src/cli/shared/run-and-report.js';
import { ForeignFileError } from '../../../../src/lib/files/resolve-own-path.js';

afterEach(() => void vi.restoreAllMocks());

it('a file of another user is a failure that is told, and no defect of ours', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest: unknown[]) => {
    written.push(String(text));
    for (const done of rest) if (typeof done === 'function') done();
    return true;
  });
  const work = async () => {
    throw new ForeignFileError('/x belongs to uid 12345: move it away');
  };
  expect(await runAndReport(true, work)).toBe(1);
  expect(JSON.parse(written.join(''))).toEqual({ error: '/x belongs to uid 12345: move it away' });
});
