import { describe, expect, it } from 'vitest';
import { isOneProgram, shellCommand } from '../../../../src/restart/commands/shell-command.js';

describe('R15: the shell of a command', () => {
  it('has no word of it among its arguments', () => {
    const { argv, variables } = shellCommand('pgrep -f zebra');
    expect(argv.join(' ')).not.toMatch(/zebra|pgrep/);
    expect(Object.values(variables)).toEqual(['exec pgrep -f zebra']);
  });

  it.each([
    '/opt/app --port 80',
    '/opt/app >>/var/log/app.log 2>&1',
    '"/opt/my app" \'a; b\' "c | d"',
    'app -x $HOME/app.conf',
  ])('becomes the program: %s', (text) => expect(isOneProgram(text)).toBe(true));

  it.each([
    'a; b',
    'a && b',
    'a | b',
    'a &',
    'a\nb',
    'A=1 app',
    'cd /opt && ./app',
    'exec app',
    'time app',
    'app $(date)',
    'app `date`',
    'app "$(a; b)"',
    '! app',
    '( app )',
    '{ app; }',
    'if true; then app; fi',
    'test -f /run/app.pid',
  ])('stays a shell: %s', (text) => expect(isOneProgram(text)).toBe(false));
});
