/** `<!-- bench:NAME -->`, whatever stands there, `<!-- /bench -->`. */
const BLOCK = /<!-- bench:([\w-]+) -->\n[\s\S]*?<!-- \/bench -->/g;

/** The document with every block filled anew; one whose figures have not been measured says so. */
export function fillBlocks(document: string, blocks: ReadonlyMap<string, string>): string {
  return document.replaceAll(BLOCK, (_, name: string) => {
    const content = blocks.get(name) ?? `Not measured yet: \`npm run bench -- --only ${name}\`.`;
    return `<!-- bench:${name} -->\n${content}\n<!-- /bench -->`;
  });
}
