import * as z from 'zod';
import { nearestName } from '../../domain/nearest-name.js';
import { quoteValue } from '../reading/config-error.js';
import { type KeyDescription, keyInfo } from './key-info.js';

/** Any of these names, separated by commas. Repetitions are ignored. */
export function listOf<const N extends string>(names: readonly N[], about: KeyDescription) {
  const allowed = `any of ${names.join(', ')}, separated by commas, or empty for none`;
  return z
    .string()
    .transform((text, context): readonly N[] => {
      const written = text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');
      const unknown = written.find((name) => !findName(name, names));
      if (unknown === undefined) return names.filter((name) => written.some((item) => isSame(item, name)));
      const nearest = nearestName(unknown, names);
      const hint = nearest ? `did you mean "${nearest}"?` : `allowed: ${names.join(', ')}`;
      context.addIssue(`${quoteValue(unknown)} is not known, ${hint}`);
      return z.NEVER;
    })
    .register(keyInfo, { ...about, type: 'list', allowed });
}

function findName<N extends string>(written: string, names: readonly N[]): N | undefined {
  return names.find((name) => isSame(written, name));
}

function isSame(written: string, name: string): boolean {
  return written.toLowerCase() === name;
}
