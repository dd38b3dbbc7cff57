import * as z from 'zod';
import { quoteValue } from '../reading/config-error.js';
import { type KeyDescription, keyInfo } from './key-info.js';

/** One of a few words, in any case; `aliases` (in lower case) are other spellings of them. */
export function oneOf<const W extends string>(
  words: readonly W[],
  { aliases = {}, ...about }: KeyDescription & { aliases?: Readonly<Record<string, W>> },
) {
  const allowed = words.join(', ');
  const bySpelling = new Map<string, W>([
    ...words.map((word) => [word.toLowerCase(), word] as const),
    ...Object.entries(aliases),
  ]);
  return z
    .string()
    .transform((text, context): W => {
      const word = bySpelling.get(text.toLowerCase());
      if (word !== undefined) return word;
      context.addIssue(`${quoteValue(text)} is not known, allowed: ${allowed}`);
      return z.NEVER;
    })
    .register(keyInfo, { ...about, type: 'word', allowed });
}

/** `yes` or `no`, or another common spelling of these, in any case. */
export function yesNo(about: KeyDescription) {
  return z
    .string()
    .transform((text, context): boolean => {
      const answer = ANSWERS.get(text.toLowerCase());
      if (answer !== undefined) return answer;
      context.addIssue(`${quoteValue(text)} is neither yes nor no, allowed: yes, no`);
      return z.NEVER;
    })
    .register(keyInfo, { ...about, type: 'word', allowed: 'yes, no' });
}

const ANSWERS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['on', true],
  ['1', true],
  ['no', false],
  ['false', false],
  ['off', false],
  ['0', false],
]);
