import { afterEach, describe, expect, it, vi } from 'vitest';
import { snapshotHost } from '../../../../src/restart/preview/host-snapshot.js';
import type { UnitReader } from '../../../../src/restart/systemd/systemd-client.js';
import { LOADED } from '../../../support/restart/scripted-systemd.js';

describe('a view of the host', () => {
  afterEach(() => void vi.useRealTimers());

  it('asks systemd for each unit once', async () => {
    const asked: string[] = [];
    const { systemd } = snapshotHost({
      async show(unit) {
        asked.push(unit);
        return { ...LOADED, id: unit };
      },
    });
    const ids = await Promise.all(
      ['a', 'b', 'a', 'b'].map(async (unit) => (await systemd?.show(unit, ['id']))?.id),
    );
    expect(ids).toEqual(['a', 'b', 'a', 'b']);
    expect(asked).toEqual(['a', 'b']);
  });

  it.each([
    ['hangs, no more', 10_000, ['a']],
    ['refuses, for the next as well', 5, ['a', 'b']],
  ])('asks a systemd that %s', async (_, answersAfterMs, expected) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const asked: string[] = [];
    const reader: UnitReader = {
      async show(unit) {
        asked.push(unit);
        vi.advanceTimersByTime(answersAfterMs);
        throw new Error(`no answer for ${unit}`);
      },
    };
    const { systemd } = snapshotHost(reader);
    for (const unit of ['a', 'b']) await expect(systemd?.show(unit, ['id'])).rejects.toThrow('no answer');
    expect(asked).toEqual(expected);
  });
});
