import { isAbsolute, join } from 'node:path';

/** The limit of the kernel. */
const MAX_LINKS = 40;

/**
 * Yields every entry on the way to an absolute path, including the last one. If an entry is a symbolic link, the
 * caller passes its target back, and the walk continues there. Returns the path without links.
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
    if (links > MAX_LINKS) throw new Error(`${path} has too many symbolic links`);
    if (isAbsolute(target)) here = '/';
    left.unshift(...target.split('/').filter(isName));
  }
  return here;
}

function isName(part: string): boolean {
  return part !== '' && part !== '.';
}
