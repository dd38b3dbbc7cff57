import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export interface SourceFile {
  /** From the root of the repository, e.g. `src/domain/errors.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly keyword: 'import' | 'import type' | 'export';
  /** As it is written. */
  readonly target: string;
  /** The file it names, from the root of the repository; absent for a package. */
  readonly path?: string;
}

/** `import … from`, `export … from`, `import '…'` and `import('…')`. */
const IMPORT = /\b(import type|import|export)\b(?:[^;'"]*?\bfrom\s*|\s*\(?\s*)'([^']+)'/g;

/** All TypeScript files below these folders of the repository. */
export function readSourceFiles(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => posix.join(folder, file))
      .map((path) => parseSourceFile(path, readFileSync(join(root, path), 'utf8'))),
  );
}

export function parseSourceFile(path: string, text: string): SourceFile {
  const imports = [...text.matchAll(IMPORT)].map(([, keyword = '', target = '']): Import => {
    const known = keyword as Import['keyword'];
    if (!target.startsWith('.')) return { keyword: known, target };
    const file = posix.join(posix.dirname(path), target).replace(/\.js$/, '.ts');
    return { keyword: known, target, path: file };
  });
  return { path, text, imports };
}
