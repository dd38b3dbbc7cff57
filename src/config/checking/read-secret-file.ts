import { dirname, resolve } from 'node:path';
import { quoteValue } from '../reading/config-error.js';
import { checkTrusted, FILE_MISSING, readTextFile } from '../reading/read-file.js';

/** `isAbsent`: there is no such file here, which is no fault of a configuration that is meant for another host. */
export type AbsentOr<Problem> = Problem & { readonly isAbsent?: true };

/**
 * Reads a file with a secret that a key names: nobody else may read it (R24) or change it. `problem`: why it is not used.
 * @param written the path as the key has it; it may begin with `$CREDENTIALS_DIRECTORY`
 */
export function readSecretFile(
  written: string,
  configFile: string,
  env: NodeJS.ProcessEnv,
): { readonly text: string; readonly path: string } | AbsentOr<{ readonly problem: string }> {
  const expanded = expandCredentialsDirectory(written, env);
  if (expanded === undefined) {
    const problem = 'CREDENTIALS_DIRECTORY is not set, allowed: under systemd with LoadCredential= only';
    return { problem, isAbsent: true };
  }
  const path = resolve(dirname(configFile), expanded);
  const shown = quoteValue(path);
  const reading = readTextFile(path);
  if ('problem' in reading) {
    const isAbsent = reading.problem === FILE_MISSING;
    return { problem: `${shown} ${reading.problem}`, ...(isAbsent ? { isAbsent } : {}) };
  }

  const { readers } = reading.exposure;
  if (readers) {
    const problem = `${readers} may read ${shown} (mode ${reading.mode})`;
    return { problem: `${problem}, allowed: mode 0600 (chmod 600 ${path})` };
  }
  const distrust = checkTrusted(path);
  return distrust === undefined ? { text: reading.text, path } : { problem: `${shown} ${distrust}` };
}

/** The folder where systemd puts the files of `LoadCredential=`; no other variable is expanded. */
function expandCredentialsDirectory(written: string, env: NodeJS.ProcessEnv): string | undefined {
  const [variable, rest] =
    /^\$(?:CREDENTIALS_DIRECTORY|\{CREDENTIALS_DIRECTORY\})(?=\/)(.*)$/.exec(written) ?? [];
  if (variable === undefined) return written;
  return env.CREDENTIALS_DIRECTORY ? `${env.CREDENTIALS_DIRECTORY}${rest}` : undefined;
}
