import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SECTION_KINDS } from '../../../src/config/keys/config-keys.js';
import { refusalOf } from './temp-config.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
/** A sample of config.ini begins with one of these; others are of the database server, of systemd or of a proxy. */
const OUR_SECTION = new RegExp(`^\\[(${SECTION_KINDS.join('|')})[\\].]`);

interface Sample {
  readonly page: string;
  readonly text: string;
}

const samples = PAGES.filter((page) => page.endsWith('.md')).flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ini\n(.*?)^```/gms)].flatMap(
    ([, text = '']): Sample[] => (OUR_SECTION.test(text) ? [{ page, text }] : []),
  ),
);

it('there are samples of config.ini in the documents', () => expect(samples.length).toBeGreaterThan(10));

it.each(samples)('a reader of $page may copy this: $text', ({ text }) => {
  expect(refusalOf(complete(text))).toBe('accepted');
});

/** What a sample leaves out because the page is about something else. */
function complete(text: string): string {
  const withDatabase = text.includes('[database]') ? text : `[database]\n${text}`;
  const withUser = /^user =/m.test(withDatabase)
    ? withDatabase
    : withDatabase.replace('[database]\n', '[database]\nuser = root\n');
  const [, named = ''] = /^processes = (.*)$/m.exec(text) ?? [];
  const sections = named.split(', ').filter((name) => name !== '' && !text.includes(`[process.${name}]`));
  return [withUser, ...sections.map((name) => `[process.${name}]`), ''].join('\n');
}
