import { describe, expect, it } from 'vitest';
import { hashBy, hashPassword, isPassword, parsePasswordHash } from '../../../src/lib/password-hash.js';

const QUICK = [
  { name: 'scrypt', logN: 10, r: 8, p: 1 },
  { name: 'pbkdf2-sha512', iterations: 100_000 },
] as const;

describe('the hash of a password', () => {
  it('is one of scrypt with 16 MB, and says so', async () => {
    const { text } = await hashPassword('correct horse');
    expect(text).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}\$[\w+/]{43}$/);
    const parsed = parsePasswordHash(text);
    expect(parsed && (await isPassword('correct horse', parsed))).toBe(true);
    expect(parsed && (await isPassword('correct horsf', parsed))).toBe(false);
  });

  it.each(QUICK)('by $name is found again in its text', async (way) => {
    const made = await hashBy(way, 'käse');
    const parsed = parsePasswordHash(made.text);
    expect(parsed).toEqual(made);
    // The same letter, typed in two keys.
    expect(await isPassword('ka\u0308se', made)).toBe(true);
    expect(await isPassword('kase', made)).toBe(false);
  });

  it('has a salt of its own', async () => {
    const [one, other] = await Promise.all([hashBy(QUICK[0], 'x'), hashBy(QUICK[0], 'x')]);
    expect(one.text).not.toBe(other.text);
  });

  const salt = 'A'.repeat(22);
  const hash = 'A'.repeat(43);
  it.each([
    ['', 'nothing'],
    ['correct horse', 'a password'],
    [`$scrypt$ln=15,r=8,p=1$${salt}$${hash}`, 'more than 32 MB'],
    [`$scrypt$ln=14,r=16,p=1$${salt}$${hash}`, 'more than 32 MB'],
    [`$scrypt$ln=14,r=8,p=17$${salt}$${hash}`, 'too long'],
    [`$scrypt$ln=1,r=8,p=1$${salt}$${hash}`, 'too quick'],
    [`$scrypt$ln=14,r=8,p=5$AAAA$${hash}`, 'a short salt'],
    [`$scrypt$ln=14,r=8,p=5$${salt}$AAAA`, 'a short hash'],
    [`$pbkdf2-sha512$i=9999999$${salt}$${hash}`, 'too long'],
    [`$pbkdf2-sha512$i=10000$${salt}$${hash}`, 'too quick'],
    [`$md5$i=210000$${salt}$${hash}`, 'another way'],
  ])('%s is none: %s', (text) => {
    expect(parsePasswordHash(text)).toBeUndefined();
  });
});
