export const WIDTH = 760;
export const HEIGHT = 380;
export const COLOURS = 6;

/** Readable on white and on black: colours of their own for each, chosen by the reader's setting. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .axis { stroke: #59636e; fill: none; } .grid { stroke: #d1d9e0; fill: none; }
  .aim { stroke: #59636e; stroke-dasharray: 5 4; fill: none; }
  .line { fill: none; stroke-width: 2; } .dashed { stroke-dasharray: 6 4; }
  .s0 { stroke: #0969da; } .s1 { stroke: #57606a; } .s2 { stroke: #bc4c00; } .s3 { stroke: #1a7f37; } .s4 { stroke: #8250df; } .s5 { stroke: #bf3989; }
  .f0 { fill: #0969da; } .f1 { fill: #818b98; } .f2 { fill: #bc4c00; } .f3 { fill: #1a7f37; } .f4 { fill: #8250df; } .f5 { fill: #bf3989; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .axis, .aim { stroke: #9198a1; } .grid { stroke: #3d444d; }
    .s0 { stroke: #4493f8; } .s1 { stroke: #9198a1; } .s2 { stroke: #db6d28; } .s3 { stroke: #3fb950; } .s4 { stroke: #ab7df8; } .s5 { stroke: #db61a2; }
    .f0 { fill: #4493f8; } .f1 { fill: #9198a1; } .f2 { fill: #db6d28; } .f3 { fill: #3fb950; } .f4 { fill: #ab7df8; } .f5 { fill: #db61a2; }
  }`;

type Attributes = Readonly<Record<string, string | number>>;

/** A whole picture; `title` is also what a screen reader says. */
export function picture(title: string, content: readonly string[], height = HEIGHT): string {
  const size = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${WIDTH} ${height}`, role: 'img' };
  const parts = [
    element('title', {}, escapeText(title)),
    element('style', {}, STYLE),
    text(WIDTH / 2, 24, title, { class: 'title', 'text-anchor': 'middle' }),
    ...content,
  ];
  return `${element('svg', size, `\n${parts.join('\n')}\n`)}\n`;
}

export function element(name: string, attributes: Attributes, content = ''): string {
  const told = Object.entries(attributes).map(([key, value]) => ` ${key}="${formatAttribute(value)}"`);
  return `<${name}${told.join('')}${content === '' ? '/>' : `>${content}</${name}>`}`;
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(content));
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return element('line', { x1, y1, x2, y2, class: kind });
}

/** A tenth of a pixel is enough, and keeps the files small and the same on every machine. */
function formatAttribute(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : escapeText(value);
}

function escapeText(plain: string): string {
  return plain
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
