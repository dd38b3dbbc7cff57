import type { ConfigIssue } from '../reading/config-error.js';
import { entryOf, type Section } from './check-sections.js';
import type { ConfigFileInfo } from './read-password.js';

/** The address of a webhook is often all that one needs to post to it: it is kept like a password (R24). */
export function checkWebhook(
  sections: readonly Section[],
  { exposure, mode, file }: ConfigFileInfo,
): ConfigIssue[] {
  const section = sections.find(({ kind }) => kind === 'notify');
  const entry = entryOf(section, 'webhook');
  // One that cannot be read might hold a token all the same.
  if (!section || !entry || entry.text === '' || !exposure.readers) return [];
  const problem = `${exposure.readers} may read this file and the token in it (mode ${mode}), allowed: mode 0600 (chmod 600 ${file})`;
  return [{ line: entry.line, key: `${section.label}.webhook`, problem }];
}
