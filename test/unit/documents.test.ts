import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/command-line.js';
import { CONFIG_KEYS } from '../../src/config/keys/config-keys.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const exists = (path: string): boolean => existsSync(join(ROOT, path));
const pages = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const documents = ['README.md', 'CONTRIBUTING.md', ...pages];
const commands = createProgram(() => {}).commands.map((command) => command.name());

describe('documents', () => {
  it('know what they are compared with', () => {
    expect(CONFIG_KEYS.length).toBeGreaterThan(30);
    expect(commands).toContain('run');
  });

  it.each(CONFIG_KEYS.map((key) => [`${key.section}.${key.key}`, key] as const))(
    'man page, config.ini and docs/configuration.md have %s with its default',
    (_, { section, key, default: value }) => {
      const item = read('man/monitor_service.8')
        .split('\n')
        .find((line) => line.startsWith(`.It Ic ${key} `));
      expect(item, 'man/monitor_service.8').toBeDefined();
      if (value !== undefined) expect(item).toMatch(new RegExp(`default ${value.replaceAll('.', '\\.')}$`));
      const isNamed = section === 'process' || section === 'maintenance';
      const heading = isNamed ? `\`[${section}.NAME]\`` : `\`[${section}]\``;
      const row = read('docs/configuration.md')
        .split('\n')
        .find((line) => line.startsWith(`| ${heading}`));
      expect(row, 'docs/configuration.md').toContain(`\`${key}\``);
      expect(read('config/config.ini')).toMatch(new RegExp(`^(; )?${key} = `, 'm'));
    },
  );

  it('SYNOPSIS of the man page begins every command with the name of the program', () => {
    const [, synopsis = ''] = /^\.Sh SYNOPSIS\n([\s\S]*?)^\.Sh /m.exec(read('man/monitor_service.8')) ?? [];
    const lines = synopsis.split('\n');
    const before = lines.flatMap((line, index) => (line.startsWith('.Cm ') ? [lines[index - 1]] : []));
    expect(before.length).toBeGreaterThanOrEqual(commands.length);
    expect(new Set(before)).toEqual(new Set(['.Nm']));
  });

  it.each(commands)('README and man page have the command %s', (command) => {
    expect(read('man/monitor_service.8')).toMatch(new RegExp(`^\\.It Cm ${command}( |$)`, 'm'));
    expect(read('README.md')).toContain(`monitor_service ${command}`);
  });
});

describe('README.md', () => {
  it('can be read in one go', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(200);
  });

  it.each(pages)('leads to %s', (page) => {
    expect(read('README.md')).toContain(`](${page})`);
  });
});

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('has no link that leads nowhere', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    for (const [link, path = '', anchor] of links) {
      const target = path === '' ? document : join(dirname(document), path);
      expect(exists(target), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(read(target)), link).toContain(anchor);
    }
  });

  it('names no path that there is not', () => {
    const paths = [...text.matchAll(/`((?:src|test|bench|demo|docs|config|sql|man|systemd)\/[\w./-]+)`/g)];
    for (const [, path = ''] of paths) expect(exists(path), path).toBe(true);
    const tests = [...text.matchAll(/`((?:unit|marbles|integration|acceptance)\/[\w/.-]+)`/g)];
    for (const [, path = ''] of tests) {
      expect(exists(`test/${path}.test.ts`) || exists(`test/${path}`), path).toBe(true);
    }
  });
});

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
