import { isAbsolute, join } from 'node:path';

/** As the kernel counts. */
const MOST_LINKS = 40;

/**
 * Every entry on the way to an absolute path, the last one included. Whoever walks looks at each, and hands back where it
 * leads if it is a symbolic link: then the way goes on there. Returns the path without links.
 */
export function* walkPath(path: string): Generator<string, string, string | undefined> {
  const left = path.split('/').filter(isName);
  let here = '/';
  let links = 0;
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    const entry = join(here, name);
    const target = name === '..' ? undefined : yield entry;
    if (target === undefined) {
      here = entry;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) throw new Error(`${path} has too many symbolic links`);
    if (isAbsolute(target)) here = '/';
    left.unshift(...target.split('/').filter(isName));
  }
  return here;
}

function isName(part: string): boolean {
  return part !== '' && part !== '.';
}
