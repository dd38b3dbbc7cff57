import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG_KEYS } from '../../../src/config/keys/config-keys.js';
import { load } from './temp-config.js';

const SHIPPED = readFileSync(join(import.meta.dirname, '../../../config/config.ini'), 'utf8');
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The lines between a section's header and the next, the header of the example included as a comment. */
function linesOf(section: string): string[] {
  const lines = SHIPPED.split('\n');
  if (section === 'process') return lines.slice(lines.indexOf('[process.default]'));
  const start = lines.indexOf(section === 'maintenance' ? '; [maintenance.backup]' : `[${section}]`);
  return lines.slice(
    start,
    lines.findIndex((line, index) => index > start && line.startsWith('[')),
  );
}

describe('config/config.ini', () => {
  it('says what a file with nothing but the user says', () => {
    const { file: _, ...shipped } = load(SHIPPED);
    const { file: __, ...bare } = load('[database]\nuser = monitor_service\n');
    expect(shipped).toEqual(bare);
  });

  it.each(CONFIG_KEYS.map((configKey) => [`${configKey.section}.${configKey.key}`, configKey] as const))(
    '%s stands in its section with its default',
    (_name, { section, key, default: value, builtIn, required }) => {
      const lines = linesOf(section).filter((line) => new RegExp(`^(; )?${key} = `).test(line));
      if (value === undefined && !required) expect(lines[0]).toMatch(new RegExp(`^; ${key} = .+`));
      else if (builtIn) expect(lines[0]).toBe(`; ${key} = ${value}`);
      else expect(lines[0]).toBe(`${key} = ${value ?? 'monitor_service'}`);
    },
  );

  it.each(CONFIG_KEYS.map((configKey) => [`${configKey.section}.${configKey.key}`, configKey] as const))(
    '%s has the words of its section in src/config/keys above it',
    (_name, { section, key, why }) => {
      const lines = linesOf(section);
      const index = lines.findIndex((line) => new RegExp(`^(; )?${key} = `).test(line));
      const above = lines.slice(0, index);
      const start = above.findLastIndex((line) => !/^; (?!\w+ = |\[)/.test(line)) + 1;
      expect(
        above
          .slice(start)
          .map((line) => line.slice('; '.length))
          .join(' '),
      ).toBe(why);
    },
  );
});

describe('the table of keys', () => {
  it('has every default within what it allows', () => {
    for (const { schema, default: value } of CONFIG_KEYS) {
      if (value !== undefined) expect(schema.safeParse(value).success).toBe(true);
    }
    expect(CONFIG_KEYS).not.toHaveLength(0);
  });

  it('allows no time that a timer cannot wait', () => {
    const times = CONFIG_KEYS.filter(({ unit }) => unit === 's');
    expect(times).not.toHaveLength(0);
    for (const { schema, allowed } of times) {
      const longest = /to (\d+) seconds$/.exec(allowed)?.[1] ?? '';
      expect(schema.parse(longest)).toBeLessThanOrEqual(LONGEST_TIMER_MS);
      expect(schema.safeParse(`${longest}.1`).success).toBe(false);
    }
  });

  it('names each key once', () => {
    const names = CONFIG_KEYS.map(({ section, key }) => `${section}.${key}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
