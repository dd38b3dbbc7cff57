import { expect, it } from 'vitest';
import { nearestName } from '../../../src/domain/nearest-name.js';

const KNOWN = ['host', 'port', 'user', 'password', 'password_file', 'check_interval'];

it.each([
  ['hots', 'host'],
  ['HOST', 'host'],
  ['usr', 'user'],
  ['passwort', 'password'],
  ['password-file', 'password_file'],
  ['chekc_intervall', 'check_interval'],
  ['check interval', 'check_interval'],
])('R23: %s is probably %s', (name, known) => {
  expect(nearestName(name, KNOWN)).toBe(known);
});

it.each(['', 'x', 'colour', 'timeout_of_the_server'])('R23: %j is like no known name', (name) => {
  expect(nearestName(name, KNOWN)).toBeUndefined();
});
