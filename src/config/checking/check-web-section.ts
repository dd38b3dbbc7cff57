import { isLoopback } from '../../lib/is-loopback.js';
import type { ConfigIssue } from '../reading/config-error.js';
import { entryOf, type Section } from './check-sections.js';

/** The rules of `[web]` that concern more than one key. Without `listen` there is no page, and nothing to be wrong. */
export function checkWebSection(sections: readonly Section[]): ConfigIssue[] {
  const section = sections.find(({ kind }) => kind === 'web');
  const listen = entryOf(section, 'listen');
  if (!section || !listen?.text) return [];
  const isSet = (key: string): boolean => entryOf(section, key)?.text !== '' && hasEntry(section, key);
  const faults: ConfigIssue[] = [];
  const add = (key: string, problem: string) =>
    faults.push({
      line: entryOf(section, key)?.line ?? listen.line,
      key: `${section.label}.${key}`,
      problem,
    });

  for (const [one, other] of [
    ['tls_cert', 'tls_key'],
    ['tls_key', 'tls_cert'],
  ] as const) {
    if (isSet(one) && !isSet(other)) add(one, `is set without ${other}, allowed: both or none`);
  }
  const host = listen.text.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (!isLoopback(host) && !isSet('tls_cert')) {
    const allowed = 'together with tls_cert and tls_key, or on the loopback, with a proxy in front of it';
    add(
      'listen',
      `other hosts reach "${host}", and passwords would cross the network as they are, allowed: ${allowed}`,
    );
  }
  for (const [key, isMeant] of [
    ['listen', !isLoopback(host)],
    ['hostname', isSet('hostname')],
  ] as const) {
    if (!isMeant || isSet('password_file')) continue;
    add(
      key,
      'needs a password_file, because nothing is shown without a login then, allowed: together with password_file',
    );
  }
  return faults;
}

function hasEntry(section: Section, name: string): boolean {
  return section.entries.some(({ key }) => key === name);
}
