import { ControlClientError } from '../../control/control-client.js';
import { reportFailure } from '../shared/call-service.js';
import { printJson } from '../shared/output.js';

/** What a command does for one process. `label` begins each line of text; it is empty for a single name. */
type NameWork = (name: string, label: string) => Promise<number>;

/** How many names are worked on at once: fewer than the connections that the control socket takes. */
const AT_ONCE = 16;

/**
 * Does the work for each name, each once. Resolves to 0 if all were done, else to the exit code of the first name that was
 * not. A failure of one name is told and leaves the others alone.
 *
 * @throws ControlClientError that concerns every name: the service does not run, or this user may not ask it.
 */
export async function forEachName(
  names: readonly string[],
  { json = false, atOnce = AT_ONCE }: { readonly json?: boolean | undefined; readonly atOnce?: number },
  work: NameWork,
): Promise<number> {
  const wanted = [...new Set(names)];
  const [only] = wanted;
  if (wanted.length === 1 && only !== undefined) return await work(only, '');
  const codes = new Map<string, number>();
  const waiting = [...wanted];
  const workOn = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      codes.set(name, await workOrTell(name, json, work));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, wanted.length) }, workOn));
  return wanted.map((name) => codes.get(name) ?? 0).find((code) => code !== 0) ?? 0;
}

async function workOrTell(name: string, json: boolean, work: NameWork): Promise<number> {
  try {
    return await work(name, `${name}: `);
  } catch (error) {
    const isOfAll =
      error instanceof ControlClientError && (error.failure === 'absent' || error.failure === 'forbidden');
    if (isOfAll) throw error;
    return await reportFailure(error, json, name);
  }
}

/**
 * The same for a command that concerns all processes if it has no name: then the work is done once, without one. One name
 * after the other, so that the answers come in their order.
 */
export function forNamesOrAll(
  names: readonly string[],
  { json }: { readonly json?: boolean | undefined },
  work: (name: string | undefined, label: string) => Promise<number>,
): Promise<number> {
  return names.length === 0 ? work(undefined, '') : forEachName(names, { json, atOnce: 1 }, work);
}

/** One JSON object on one line. With several names each object has the name that it is about. */
export function printJsonOf(name: string | undefined, label: string, value: object): Promise<void> {
  return printJson(label === '' || name === undefined ? value : { name, ...value });
}
