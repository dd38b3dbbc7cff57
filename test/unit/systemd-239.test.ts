import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UNIT_PROPERTIES } from '../../src/restart/systemd/unit-properties.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const page = read('docs/systemd-239.md');

/** Whatever the service says to systemd was looked up in 239: a new name is to be looked up too. */
describe('docs/systemd-239.md', () => {
  it.each([
    ['the directives of the unit', names(read('systemd/monitor_service.service'), /^([A-Z]\w+)=/gm), 45],
    ['the methods and signals', names(sources('src/restart/systemd/bus'), /member: '(\w+)'/g), 14],
    ['the properties that are read', Object.values(UNIT_PROPERTIES).map(({ name }) => name), 29],
    ['the settings of units of our own', settings(), 28],
  ])('has %s', (_, used, count) => {
    expect(used.length).toBeGreaterThanOrEqual(count);
    for (const name of used) expect(page, name).toContain(`\`${name}\``);
  });
});

function settings(): string[] {
  return [
    ...names(sources('src/restart'), /Property\('(\w+)'/g),
    ...names(read('src/restart/systemd/transient-property.ts'), /name: '(\w+)'/g),
    ...names(read('src/restart/systemd/bus/transient-call.ts'), /\['(\w+)', new Variant/g),
  ];
}

function names(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))];
}

function sources(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(join(folder, file)))
    .join('\n');
}
