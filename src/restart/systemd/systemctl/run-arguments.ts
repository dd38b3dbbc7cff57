import type { TransientUnit } from '../systemd-client.js';
import { escapeDollar } from '../transient-property.js';

/** The arguments of systemd-run for a unit that the bus would take as arrays. */
export function runArguments({
  name,
  description,
  argv,
  environment = {},
  properties,
}: TransientUnit): string[] {
  return [
    '--quiet',
    '--no-ask-password',
    `--unit=${name}`,
    `--description=${description}`,
    ...Object.entries(environment).map(([key, value]) => `--setenv=${key}=${value}`),
    ...properties.flatMap(({ assignment }) => (assignment === '' ? [] : ['-p', assignment])),
    '--',
    // The first is the path of the program too, in which nothing is expanded.
    ...argv.map((word, index) => (index === 0 ? word : escapeDollar(word))),
  ];
}
