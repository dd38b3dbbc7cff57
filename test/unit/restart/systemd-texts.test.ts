import { describe, expect, it } from 'vitest';
import { decodeProperty } from '../../../src/restart/systemd/bus/decode-property.js';
import { MatchRules } from '../../../src/restart/systemd/bus/match-rules.js';
import { unitPath } from '../../../src/restart/systemd/bus/unit-path.js';
import { parseShow } from '../../../src/restart/systemd/systemctl/parse-show.js';
import { runArguments } from '../../../src/restart/systemd/systemctl/run-arguments.js';

describe('the object of a unit on the bus', () => {
  it.each([
    ['nginx.service', 'nginx_2eservice'],
    ['worker@3.service', 'worker_403_2eservice'],
    ['7-zip_x.service', '_37_2dzip_5fx_2eservice'],
  ])('%s is %s', (unit, label) => {
    expect(unitPath(unit)).toBe(`/org/freedesktop/systemd1/unit/${label}`);
  });
});

describe('the rules for signals', () => {
  function record(): { rules: MatchRules; told: string[] } {
    const told: string[] = [];
    return { rules: new MatchRules((method, rule) => told.push(`${method} ${rule}`)), told };
  }

  it('are asked for once and taken back with the last who wants them', () => {
    const { rules, told } = record();
    const releases = [rules.add('a'), rules.add('a'), rules.add('b')];
    for (const release of releases) release();
    expect(told).toEqual(['AddMatch a', 'AddMatch b', 'RemoveMatch a', 'RemoveMatch b']);
  });

  it('are shared where the bus would allow no more of them', () => {
    const { rules, told } = record();
    const releases = Array.from({ length: 2000 }, (_, index) => rules.add(`unit ${index}`, 'all units'));
    expect(told).toHaveLength(301);
    expect(told.at(-1)).toBe('AddMatch all units');
    for (const release of releases) release();
    expect(told).toHaveLength(602);
  });

  it('are shared by all but the first few where the signal is rare, as long as anybody wants the wide one', () => {
    const { rules, told } = record();
    const [first, second, third] = ['a', 'b', 'c'].map((unit) => rules.add(unit, 'all', 1));
    first?.();
    second?.();
    const fourth = rules.add('d', 'all', 1);
    third?.();
    fourth();
    rules.add('e', 'all', 1);
    expect(told).toEqual(['AddMatch a', 'AddMatch all', 'RemoveMatch a', 'RemoveMatch all', 'AddMatch e']);
  });
});

describe('a property', () => {
  it('is read the same from the bus and from systemctl', () => {
    const text =
      'Id=app.service\nNames=app.service other.service\nMainPID=77\nConditionResult=yes\nJob=12\n' +
      'InvocationID=00ff10\nActiveEnterTimestampMonotonic=5\nDescription=a=b\n';
    const properties = [
      ...(['id', 'names', 'mainPid', 'conditionResult', 'job', 'invocationId'] as const),
      ...(['activeEnterTimestamp', 'triggeredBy', 'nRestarts'] as const),
    ];
    expect(parseShow(text, properties)).toEqual({
      ...decodeProperty('id', 'app.service'),
      ...decodeProperty('names', ['app.service', 'other.service']),
      ...decodeProperty('mainPid', 77),
      ...decodeProperty('conditionResult', true),
      ...decodeProperty('job', [12, '/job/12']),
      ...decodeProperty('invocationId', Buffer.from([0, 255, 16])),
      ...decodeProperty('activeEnterTimestamp', 5n),
      ...decodeProperty('triggeredBy', []),
      ...decodeProperty('nRestarts', 0),
    });
  });

  it('conditions are those that are not met, as they stand in the file', () => {
    const conditions = [
      ['ConditionPathExists', false, true, '/run/x', -1],
      ['ConditionHost', true, false, 'other', -1],
      ['ConditionACPower', false, false, 'true', 1],
    ];
    expect(decodeProperty('unmetConditions', conditions)).toEqual({
      unmetConditions: ['ConditionPathExists=!/run/x'],
    });
    const oneOf = ['a', 'b'].map((name) => ['AssertHost', true, false, name, -1]);
    expect(decodeProperty('unmetAsserts', oneOf)).toEqual({
      unmetAsserts: ['AssertHost=|a', 'AssertHost=|b'],
    });
  });

  it('of another type than systemd documents is an error, not a guess', () => {
    expect(() => decodeProperty('mainPid', 'x')).toThrow(/MainPID as a string/);
  });
});

it('R18: systemd-run gets what the bus would take as arrays', () => {
  const unit = {
    ...{
      name: 'x.service',
      description: 'a test',
      argv: ['/bin/$a', '$HOME', '$x%n'] as [string, ...string[]],
    },
    properties: [
      { name: 'KillMode', signature: 's', value: 'process', assignment: 'KillMode=process' },
    ] as const,
  };
  expect(runArguments(unit).slice(-6)).toEqual([
    '-p',
    'KillMode=process',
    '--',
    '/bin/$a',
    '$$HOME',
    '$$x%n',
  ]);
});
