import type { TransientProperty } from './systemd-client.js';

/** Settings of a transient unit, each for the bus and for systemd-run. Known to systemd since 239. */

export function textProperty(name: string, value: string): TransientProperty {
  return { name, signature: 's', value, assignment: `${name}=${value}` };
}

export function listProperty(name: string, value: readonly (string | number)[]): TransientProperty {
  return { name, signature: 'as', value: value.map(String), assignment: `${name}=${value.join(' ')}` };
}

/** `name`: as in a unit file, e.g. `RuntimeMaxSec`. */
export function durationProperty(name: `${string}Sec`, ms: number): TransientProperty {
  const microseconds = BigInt(Math.round(ms)) * 1000n;
  return {
    name: name.replace(/Sec$/, 'USec'),
    signature: 't',
    value: microseconds,
    assignment: `${name}=${Math.round(ms)}ms`,
  };
}

export function umaskProperty(umask: number): TransientProperty {
  return {
    name: 'UMask',
    signature: 'u',
    value: umask,
    assignment: `UMask=${umask.toString(8).padStart(4, '0')}`,
  };
}

/** `limit`: one value or `soft:hard`; each is a number or `infinity`. */
export function limitProperties(name: string, limit: string): TransientProperty[] {
  const [soft = '', hard = soft] = limit.split(':');
  const infinity = 2n ** 64n - 1n;
  const value = (text: string) => (text === 'infinity' ? infinity : BigInt(text));
  return [
    { name, signature: 't', value: value(hard), assignment: `${name}=${limit}` },
    // systemd-run takes both in one setting.
    { name: `${name}Soft`, signature: 't', value: value(soft), assignment: '' },
  ];
}

export function environmentFileProperty(path: string): TransientProperty {
  return {
    name: 'EnvironmentFiles',
    signature: 'a(sb)',
    value: [[path, false]],
    assignment: `EnvironmentFile=${path}`,
  };
}

const LEVELS = { notice: 5, info: 6, debug: 7 } as const;

/** A level of syslog(3). */
export function levelProperty(name: string, level: keyof typeof LEVELS): TransientProperty {
  return { name, signature: 'i', value: LEVELS[level], assignment: `${name}=${level}` };
}

export function inputFileProperty(path: string): TransientProperty {
  return {
    name: 'StandardInputFile',
    signature: 's',
    value: path,
    assignment: `StandardInput=file:${path}`,
  };
}

export function numberProperty(name: string, value: number): TransientProperty {
  return { name, signature: 'i', value, assignment: `${name}=${value}` };
}

export function booleanProperty(name: string, value: boolean): TransientProperty {
  return { name, signature: 'b', value, assignment: `${name}=${value ? 'yes' : 'no'}` };
}

export function appArmorProperty(profile: string): TransientProperty {
  return {
    name: 'AppArmorProfile',
    // Whether it may be missing, and its name.
    signature: '(bs)',
    value: [false, profile],
    assignment: `AppArmorProfile=${profile}`,
  };
}

/** `set`: in hexadecimal digits. `names`: the same capabilities as words without `CAP_`. */
export function capabilityProperty(name: string, set: string, names: readonly string[]): TransientProperty {
  const words = names.map((word) => `CAP_${word.toUpperCase()}`).join(' ');
  return { name, signature: 't', value: BigInt(`0x${set || '0'}`), assignment: `${name}=${words}` };
}

/** `list`: as the kernel writes it, e.g. `0-3,5`. On the bus it is a bit mask. */
export function cpuProperty(list: string): TransientProperty {
  const numbers = list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  const mask = Buffer.alloc(Math.floor(Math.max(...numbers) / 8) + 1);
  for (const number of numbers) mask[number >> 3] = (mask[number >> 3] ?? 0) | (1 << (number & 7));
  return {
    name: 'CPUAffinity',
    signature: 'ay',
    value: mask,
    assignment: `CPUAffinity=${numbers.join(' ')}`,
  };
}

/**
 * A word of a command for systemd, which expands `$NAME` and `${NAME}` in each when it executes the command (R28).
 * Over the bus too, unless it is told not to, which versions before 244 do not understand.
 */
export function escapeDollar(word: string): string {
  return word.replaceAll('$', '$$$$');
}
