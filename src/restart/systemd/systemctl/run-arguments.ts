import type { TransientUnit } from '../systemd-client.js';

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
    ...argv.map(escapeDollar),
  ];
}

/** systemd expands `$NAME` and `${NAME}` in every word of a command line but the first. */
function escapeDollar(word: string, index: number): string {
  return index === 0 ? word : word.replaceAll('$', '$$$$');
}
