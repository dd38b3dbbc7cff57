import { describe, expect, it } from 'vitest';
import { load, refusalOf } from './temp-config.js';

const BASE = ['[database]', 'user = root', '[process.db]', '[process.web]', '[maintenance.backup]'];
const below = (...lines: string[]): string => refusalOf([...BASE, ...lines].join('\n'));

describe('[maintenance.NAME]', () => {
  it('is read', () => {
    const { maintenance } = load(
      [
        ...BASE,
        'schedule = 0 2 * * sun',
        'duration = 1h30m',
        'processes = db, web, db',
        'reason = weekly',
        '[maintenance.my.night]',
        'schedule = @daily',
        'duration = 600',
      ].join('\n'),
    );
    expect(maintenance).toEqual([
      {
        name: 'backup',
        schedule: '0 2 * * sun',
        durationMs: 5_400_000,
        processes: ['db', 'web'],
        reason: 'weekly',
      },
      { name: 'my.night', schedule: '@daily', durationMs: 600_000, processes: [] },
    ]);
  });

  it.each<[what: string, lines: string[], faults: string[]]>([
    [
      'missing keys',
      ['reason = x'],
      [
        'config.ini:5: maintenance.backup.schedule: is missing, allowed: when it begins, such as 0 2 * * sun',
        'config.ini:5: maintenance.backup.duration: is missing, allowed: how long it lasts, such as 2h',
      ],
    ],
    [
      'a bad schedule, and a bad duration',
      ['schedule = 0 25 * * *', 'duration = 2 hours'],
      [
        'config.ini:6: maintenance.backup.schedule: "0 25 * * *" is no schedule (Invalid value for hour: 25), allowed: minute hour day-of-month month day-of-week, such as 0 2 * * sun',
        'config.ini:7: maintenance.backup.duration: "2 hours" is not a duration, allowed: a time such as 90s, 30m, 2h, 1d or 1h30m, at most 366d',
      ],
    ],
    [
      'empty keys',
      ['schedule =', 'duration ='],
      [
        'config.ini:6: maintenance.backup.schedule: "" is no schedule (has not five fields), allowed: minute hour day-of-month month day-of-week, such as 0 2 * * sun',
        'config.ini:7: maintenance.backup.duration: "" is not a duration, allowed: a time such as 90s, 30m, 2h, 1d or 1h30m, at most 366d',
      ],
    ],
    [
      'a schedule that never comes',
      ['schedule = 0 2 30 feb *', 'duration = 2h'],
      [
        'config.ini:6: maintenance.backup.schedule: "0 2 30 feb *" never comes, allowed: minute hour day-of-month month day-of-week, such as 0 2 * * sun',
      ],
    ],
    [
      'one that would never end',
      ['duration = 1d', 'schedule = 0 2 * * *'],
      [
        'config.ini:6: maintenance.backup.duration: "1d" does not end before the next begins (schedule, line 7), allowed: less than 1 d',
      ],
    ],
    [
      'unknown processes',
      ['schedule = @daily', 'duration = 2h', 'processes = db, webb, default, qqqqqq'],
      [
        'config.ini:8: maintenance.backup.processes: "webb" has no section of its own, did you mean "web"?, allowed: names with a section [process.NAME], separated by commas, or all',
        'config.ini:8: maintenance.backup.processes: "default" has no section of its own, allowed: names with a section [process.NAME], separated by commas, or all',
        'config.ini:8: maintenance.backup.processes: "qqqqqq" has no section of its own, allowed: names with a section [process.NAME], separated by commas, or all',
      ],
    ],
    [
      'no process at all',
      ['schedule = @daily', 'duration = 2h', 'processes = ,'],
      [
        'config.ini:8: maintenance.backup.processes: is empty, allowed: names with a section [process.NAME], separated by commas, or all',
      ],
    ],
    [
      'a key of another section, and an unknown one',
      ['schedule = @daily', 'duration = 2h', 'exclude = db', 'process = db'],
      [
        'config.ini:8: maintenance.backup.exclude: is not a key of this section, allowed: in [monitor]',
        'config.ini:9: maintenance.backup.process: is not a known key, did you mean "processes"?',
      ],
    ],
    [
      'the same name twice, no name, and a misspelt section',
      [
        ...[
          'schedule = @daily',
          'duration = 2h',
          '[maintenance.backup]',
          'schedule = @daily',
          'duration = 2h',
        ],
        ...['[maintenance.]', 'schedule = @daily', 'duration = 2h'],
        ...['[maintainance.x]', 'schedule = @daily', 'duration = 2h'],
        ...['[maintenance]', 'schedule = @daily', 'duration = 2h'],
      ],
      [
        'config.ini:8: [maintenance.backup]: is there twice (first on line 5), allowed: once',
        'config.ini:11: [maintenance.]: has no name, allowed: [maintenance.NAME]',
        'config.ini:14: [maintainance.x]: is not a known section, did you mean "[maintenance.x]"?',
        'config.ini:17: [maintenance]: is not a known section, did you mean "[maintenance.NAME]"?',
      ],
    ],
  ])('R23: %s', (_what, lines, faults) => {
    expect(below(...lines)).toBe(faults.join('\n'));
  });

  it('all is everything, and no list of names', () => {
    const of = (processes: string) =>
      load([...BASE, 'schedule = @daily', 'duration = 2h', `processes = ${processes}`].join('\n'))
        .maintenance[0]?.processes;
    expect(of('all')).toEqual([]);
    expect(of('db')).toEqual(['db']);
  });
});
