import type { Member } from '../scene/members.js';
import type { Evidence } from './evidence.js';
import { timeOfLine } from './time-of-line.js';

/** When the log of the service said this of the process, ms since the epoch. */
export function timesInLog(
  { log }: Pick<Evidence, 'log'>,
  { name }: Pick<Member, 'name'>,
  message: RegExp,
): number[] {
  // The log quotes a name that is none.
  const heads = [` ${name}: `, ` ${JSON.stringify(name)}: `];
  return log.flatMap((line) => {
    const head = heads.find((one) => line.includes(one));
    if (head === undefined) return [];
    return message.test(line.slice(line.indexOf(head) + head.length)) ? [timeOfLine(line)] : [];
  });
}
