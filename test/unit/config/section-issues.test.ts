import { describe, expect, it } from 'vitest';
import { admit } from '../../../src/domain/cycle/admission.js';
import { load, refusalOf } from './temp-config.js';

const HEAD = ['[database]', 'user = root'];
const CUT =
  'everything after an unquoted ; or # would be cut off, allowed: the whole value in double quotes, or \\; and \\#';

function loadLines(...lines: string[]) {
  const { issues, processes, notify } = load([...HEAD, ...lines].join('\n'));
  const reasonFor = (name: string): string | undefined => {
    const admission = admit(name, { ...processes, exclude: [], onlyListed: false });
    return admission.kind === 'refused' ? admission.reason : undefined;
  };
  return { issues, reasonFor, notify };
}

describe('R23: a ; in an unquoted command', () => {
  it.each(['a; b', 'a # b', '"a" b; c'])('costs its section: %s', (command) => {
    const { issues, reasonFor } = loadLines('[process.a]', `start_command = ${command}`, '[process.b]');
    expect(issues).toEqual([{ line: 4, key: 'process.a.start_command', problem: CUT, costsSection: true }]);
    expect(reasonFor('a')).toBe('quote start_command in config.ini, line 4: it has a ; or #');
    expect(reasonFor('b')).toBeUndefined();
    expect(reasonFor('unlisted')).toBeUndefined();
  });

  it('in [process.default] costs all that inherit it', () => {
    const { reasonFor } = loadLines(
      ...['[process.default]', 'pre_restart_command = a; b', '[process.own]', 'pre_restart_command = c'],
      ...['[process.heir]', 'max_attempts = 1'],
    );
    expect(reasonFor('own')).toBeUndefined();
    expect(reasonFor('heir')).toContain('line 4');
    expect(reasonFor('unlisted')).toContain('line 4');
  });

  it('in [notify] costs the command', () => {
    const { issues, notify, reasonFor } = loadLines('[notify]', 'command = a; b');
    expect(issues).toHaveLength(1);
    expect(notify.command).toBeUndefined();
    expect(reasonFor('unlisted')).toBeUndefined();
  });

  it('is one of all faults where another one costs the whole file', () => {
    expect(refusalOf([...HEAD, 'pasword = x', '[process.a]', 'start_command = a; b'].join('\n'))).toBe(
      `config.ini:3: database.pasword: is not a known key, did you mean "password"?\nconfig.ini:5: process.a.start_command: ${CUT}`,
    );
  });

  it('in a password costs the whole file: half of it is no password', () => {
    expect(refusalOf([...HEAD, 'password = ab;cd'].join('\n'))).toMatch(/database\.password/);
  });
});
