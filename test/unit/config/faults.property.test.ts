import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refusalOf } from './temp-config.js';

/** A line of `[monitor]` or `[logging]`, and what is wrong with it. */
interface Piece {
  readonly section: 'monitor' | 'logging';
  readonly line: string;
  readonly fault?: string;
}

const PIECES: readonly Piece[] = [
  { section: 'monitor', line: 'check_interval = 60 ; fine' },
  { section: 'monitor', line: '; a comment' },
  { section: 'monitor', line: 'max_parallel_restarts = 8' },
  {
    section: 'monitor',
    line: 'fallback_interval = x',
    fault: 'monitor.fallback_interval: "x" is not a number of seconds, allowed: 0.05 to 604800 seconds',
  },
  {
    section: 'monitor',
    line: 'max_restart_failures = 0',
    fault: 'monitor.max_restart_failures: "0" is out of range, allowed: 1 to 1000',
  },
  {
    section: 'monitor',
    line: 'host_idd = a',
    fault: 'monitor.host_idd: is not a known key, did you mean "host_id"?',
  },
  {
    section: 'monitor',
    line: 'exclude = a;b',
    fault:
      'monitor.exclude: everything after an unquoted ; or # would be cut off, allowed: the whole value in double quotes, or \\; and \\#',
  },
  {
    section: 'monitor',
    line: 'state_file = ~/x',
    fault: 'monitor.state_file: ~ is not expanded, allowed: the full path',
  },
  {
    section: 'monitor',
    line: 'nonsense',
    fault: '[monitor]: neither a section nor a key nor a comment, allowed: [section], key = value, ; comment',
  },
  { section: 'logging', line: 'format = json' },
  {
    section: 'logging',
    line: 'level = x',
    fault: 'logging.level: "x" is not known, allowed: DEBUG, INFO, WARNING, ERROR',
  },
  {
    section: 'logging',
    line: 'file = "x',
    fault: 'logging.file: the quote is not closed, allowed: a value that ends with "',
  },
  {
    section: 'logging',
    line: 'heartbeat = 5',
    fault: 'logging.heartbeat: is not a key of this section, allowed: in [binlog]',
  },
  {
    section: 'logging',
    line: 'log_files_to_keep = 1.5',
    fault: 'logging.log_files_to_keep: "1.5" is not a whole number, allowed: 1 to 1000',
  },
];

it('R23: any combination of faults is reported whole, in line order', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...PIECES]), fc.boolean(), (pieces, monitorFirst) => {
      const order = monitorFirst ? ['monitor', 'logging'] : ['logging', 'monitor'];
      const lines: string[] = ['[database]', 'user = root'];
      const expected: string[] = [];
      for (const section of order) {
        lines.push(`[${section}]`);
        for (const piece of pieces.filter((candidate) => candidate.section === section)) {
          lines.push(piece.line);
          if (piece.fault) expected.push(`config.ini:${lines.length}: ${piece.fault}`);
        }
      }
      expect(refusalOf(lines.join('\n'))).toBe(expected.length === 0 ? 'accepted' : expected.join('\n'));
    }),
  );
});

/** Begins every password, so that not even a piece of one goes unnoticed. */
const MARK = 'Zq7';

/** Ways to write a password so that the file is refused, and the report should help without showing it. */
const MISTAKES: readonly ((password: string) => string)[] = [
  (password) => `[database]\npassword = ${password};`,
  (password) => `[database]\npassword = "${password}`,
  (password) => `[database]\npassword = '${password}' x`,
  (password) => `[database]\npassword = "\\t${password}"`,
  (password) => `[database]\npassword = a\\\\${password}`,
  (password) => `[database]\npassword = \0${password}`,
  (password) => `[database]\npassword ${password}`,
  (password) => `[database]\npassword: ${password}`,
  (password) => `[database]\n= ${password}`,
  (password) => `[database]\npasword = ${password}`,
  (password) => `[database]\npassword = ${password}\npassword = ${password}`,
  (password) => `[database]\npassword = ${password}\npassword_file = missing`,
  (password) => `[databse]\npassword = ${password}`,
  (password) => `[monitor]\npassword = ${password}`,
  (password) => `[colour]\npassword = ${password}`,
  (password) => `[database\npassword = ${password}`,
  (password) => `[database] password = ${password}`,
  (password) => `[database password = ${password}`,
  (password) => `[database password = ${password}]`,
  (password) => `[proces.x = ${password}]`,
  (password) => `[process.x password: ${password}]\nmax_attempts = 0`,
  (password) => `password = ${password}`,
  (password) => `password ${password}`,
];

it('R24: no report shows any of a password', () => {
  const password = fc.string({ maxLength: 12, unit: 'grapheme-ascii' }).map((rest) => `${MARK}${rest}`);
  fc.assert(
    fc.property(password, fc.constantFrom(...MISTAKES), (secret, mistake) => {
      const report = refusalOf(mistake(secret));
      expect(report).not.toBe('accepted');
      expect(report).not.toContain(MARK);
    }),
    { numRuns: 500 },
  );
});
