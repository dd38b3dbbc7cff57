import { describe, expect, it } from 'vitest';
import { createMask } from '../../../../src/telemetry/log/mask-secrets.js';

describe('createMask', () => {
  it('R24: masks each occurrence of each secret', () => {
    const mask = createMask(['hunter2', 's3cret']);
    expect(mask('hunter2 and s3cret, hunter2')).toBe('*** and ***, ***');
  });

  it('R24: masks the form that JSON gives it', () => {
    const mask = createMask(['pa"ss\\word']);
    expect(mask(JSON.stringify({ password: 'pa"ss\\word' }))).toBe('{"password":"***"}');
  });

  it('R24: masks the form with control characters shown', () => {
    expect(createMask(['one\x1btwo'])('it is one\\x1btwo')).toBe('it is ***');
  });

  it('R24: takes a secret for text, not for a pattern', () => {
    expect(createMask(['a.*b$&'])('a.*b$& axxb')).toBe('*** axxb');
  });

  it('R24: leaves no end of a secret that begins with another one', () => {
    expect(createMask(['abc', 'abcdef'])('abcdef abc')).toBe('*** ***');
  });

  it('leaves out what is too short to be one, and the empty one', () => {
    expect(createMask(['', 'a', 'ab'])('ab a abc')).toBe('ab a abc');
  });
});
