import { describe, expect, it } from 'vitest';
import { programOf } from '../../../../src/restart/commands/program-of.js';

describe('the program of a shell command', () => {
  it.each([
    ['systemctl restart httpd', 'systemctl'],
    ['  /opt/app/run.sh&', '/opt/app/run.sh'],
    ['initctl status x | grep -q running', 'initctl'],
    ['curl -sf http://localhost/ > /dev/null', 'curl'],
    ['pgrep;true', 'pgrep'],
    ['LANG=C FOO="a b" BAR=\'c\' date', 'date'],
    ['"/opt/my app/run" -x', '/opt/my app/run'],
    ["'/opt/my app/run'", '/opt/my app/run'],
    ['(true)', undefined],
    ['{ a; }', undefined],
    ['if test -e /x; then y; fi', undefined],
    ['[ -e /x ]', undefined],
    ['! pgrep x', undefined],
    ['. /etc/profile; x', undefined],
    ['$HOME/run', undefined],
    ['`which x`', undefined],
    ['~/run', undefined],
    ['/opt/*/run', undefined],
    ['/opt/my\\ app/run', undefined],
    ['"$APP" x', undefined],
    ['"a"b', undefined],
    ['X=$(date) run', undefined],
    ['> /tmp/x', undefined],
    ['# nothing', undefined],
    ['', undefined],
  ])('%j: %j', (shell, word) => {
    expect(programOf(shell)).toBe(word);
  });
});
