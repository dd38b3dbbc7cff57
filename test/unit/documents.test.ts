import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/command-line.js';
import { CONFIG_KEYS } from '../../src/config/keys/config-keys.js';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const commands = createProgram(() => {}).commands.map((command) => command.name());

describe('documents', () => {
  it('know what they are compared with', () => {
    expect(CONFIG_KEYS.length).toBeGreaterThan(30);
    expect(commands).toContain('run');
  });

  it.each(CONFIG_KEYS.map((key) => [`${key.section}.${key.key}`, key] as const))(
    'README, man page and config.ini have %s with its default',
    (_, { section, key, default: value }) => {
      const item = read('man/monitor_service.8')
        .split('\n')
        .find((line) => line.startsWith(`.It Ic ${key} `));
      expect(item, 'man/monitor_service.8').toBeDefined();
      if (value !== undefined) expect(item).toMatch(new RegExp(`default ${value.replaceAll('.', '\\.')}$`));
      const heading = section === 'process' ? '`[process.NAME]`' : `\`[${section}]\``;
      const row = read('README.md')
        .split('\n')
        .find((line) => line.startsWith(`| ${heading}`));
      expect(row, 'README.md').toContain(`\`${key}\``);
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
