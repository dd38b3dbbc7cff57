import { COMM_LENGTH } from '../processes/process-info.js';

const VALUED =
  /^(-[dgGPsrtuUFO]|--(delimiter|pgroup|group|parent|session|terminal|euid|uid|pidfile|ns|nslist|signal|runstates|cgroup))$/;
const FULL = /^(--full|-[a-zA-Z]*f[a-zA-Z]*)$/;

/**
 * Explains what is wrong with a health check `pgrep NAME` whose NAME is longer than 15 characters (R21): the kernel
 * keeps only 15 characters of the name of a process, so it never matches. Undefined for any other command.
 */
export function explainPgrep(command: string): string | undefined {
  const words = /(?:^|[\s;&|(/])pgrep\s+([^;&|)<>]*)/.exec(command)?.[1]?.split(/\s+/) ?? [];
  let name: string | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (FULL.test(word)) return undefined;
    if (VALUED.test(word)) index += 1;
    else if (word !== '' && !word.startsWith('-')) name = word.replace(/^(["'])(.*)\1$/, '$2');
  }
  // Anything else may be a pattern that matches a shorter name.
  if (name === undefined || !/^[A-Za-z0-9._@:-]+$/.test(name) || name.length <= COMM_LENGTH) return undefined;
  return (
    `pgrep sees only the first ${COMM_LENGTH} characters of a process name and can never find ${name}: remove ` +
    `health_check_command (the built-in check finds long names), or set it to pgrep ${name.slice(0, COMM_LENGTH)}`
  );
}
