import { describe, expect, it } from 'vitest';
import { describeError, MonitorError } from '../../../src/domain/errors.js';

class DiskError extends MonitorError {
  readonly retryable = true;
}

describe('an error for an administrator', () => {
  it('has the name of its class, and its cause and remedy if there are any', () => {
    const cause = new Error('ENOSPC');
    const error = new DiskError('the disk is full', { remedy: 'make room', cause });
    expect(error).toMatchObject({
      name: 'DiskError',
      message: 'the disk is full',
      remedy: 'make room',
      cause,
    });
    const bare = new DiskError('the disk is full');
    expect(bare.remedy).toBeUndefined();
    expect('cause' in bare).toBe(false);
  });

  it('is described in one line: what went wrong, then what to do', () => {
    expect(describeError(new DiskError('the disk is full', { remedy: 'make room' }))).toBe(
      'the disk is full; make room',
    );
    expect(describeError(new DiskError('the disk is full'))).toBe('the disk is full');
  });

  it.each([
    [new Error('boom'), 'boom'],
    [Object.assign(new Error('boom'), { remedy: 'of somebody else' }), 'boom'],
    [new TypeError(), 'TypeError'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
  ])('whatever was thrown is described: %s', (thrown, text) => {
    expect(describeError(thrown)).toBe(text);
  });
});
