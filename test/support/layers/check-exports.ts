import type { SourceFile } from './source-files.js';

const EXPORT =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|interface|type|const|let|enum) ([\w$]+)/gm;

/** What is exported is meant for others: a name that no other file takes is a fault. Returns the faults. */
export function checkExports(files: readonly SourceFile[], users: readonly SourceFile[]): string[] {
  const importersOf = new Map<string, SourceFile[]>();
  for (const file of [...files, ...users]) {
    for (const path of new Set(file.imports.map((imported) => imported.path))) {
      if (path !== undefined) importersOf.set(path, [...(importersOf.get(path) ?? []), file]);
    }
  }
  return files.flatMap(({ path, text }) => {
    const importers = importersOf.get(path) ?? [];
    const isUsed = (name: string): boolean => {
      const word = new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`);
      return importers.some((importer) => word.test(importer.text));
    };
    return [...text.matchAll(EXPORT)]
      .map(([, name = '']) => name)
      .filter((name) => !isUsed(name))
      .map((name) => `${path}: ${name} is exported, and no other file uses it`);
  });
}
