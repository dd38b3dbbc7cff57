import { describe, expect, it } from 'vitest';
import { judgeNode } from '../../../../src/cli/check/host/check-host.js';

describe('the version of Node.js', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['22.0.0', 'ok'],
    ['26.1.0', 'ok'],
    ['20.18.3', 'fault'],
    ['18.20.0', 'fault'],
  ])('%s: %s', (version, level) => {
    expect(judgeNode(version)).toMatchObject({ level });
  });
});
