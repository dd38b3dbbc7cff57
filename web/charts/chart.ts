import uPlot from 'uplot';
import { h, type VNode } from '../dom/h.js';
import { type Colours, readColours } from './colours.js';

interface ChartOptions {
  readonly key: string;
  /** What it shows, in words, for those who do not see it. */
  readonly label: string;
  readonly data: uPlot.AlignedData;
  readonly heightPx: number;
  /** Everything but size and colours of the frame. */
  readonly plot: (colours: Colours) => Pick<uPlot.Options, 'series' | 'scales' | 'axes'> & {
    readonly sync?: string;
  };
  /** What is said of the column under the cursor; of all of them where there is none. */
  readonly describe: (index: number | undefined) => string;
}

interface Drawn {
  readonly plot: uPlot;
  readonly resize: ResizeObserver;
  readonly scheme: MediaQueryList;
  readonly onScheme: () => void;
}

const drawn = new WeakMap<Element, Drawn>();
const shown = new WeakMap<Element, ChartOptions>();

/**
 * A canvas of uPlot, as wide as its place, in the colours of the page, with a line of text for what is under the
 * cursor.
 */
export function chart(options: ChartOptions): VNode {
  return h('div', {
    key: options.key,
    class: 'chart',
    hook: {
      create: (element) => {
        shown.set(element, options);
        create(element as HTMLElement);
      },
      update: (element) => {
        const before = shown.get(element);
        shown.set(element, options);
        if (before?.data !== options.data) drawn.get(element)?.plot.setData(options.data);
        setLabel(element, options);
      },
      destroy,
    },
  });
}

function create(element: HTMLElement): void {
  const options = shown.get(element);
  if (!options) return;
  const canvas = document.createElement('div');
  canvas.className = 'chart-canvas';
  canvas.setAttribute('role', 'img');
  const line = document.createElement('p');
  line.className = 'chart-line';
  element.replaceChildren(canvas, line);
  setLabel(element, options);
  const describe = (index: number | null | undefined): void => {
    const text = shown.get(element)?.describe(index ?? undefined) ?? '';
    if (line.textContent !== text) line.textContent = text;
  };
  const { sync, ...parts } = options.plot(readColours());
  const plot = new uPlot(
    {
      ...parts,
      width: Math.max(1, element.clientWidth),
      height: options.heightPx,
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        points: { show: false },
        ...(sync === undefined ? {} : { sync: { key: sync } }),
      },
      hooks: {
        setCursor: [({ cursor }) => describe(cursor.idx)],
        setData: [({ cursor }) => describe(cursor.idx)],
      },
    },
    options.data,
    canvas,
  );
  describe(undefined);
  const resize = new ResizeObserver(() => {
    const width = element.clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: options.heightPx });
  });
  resize.observe(element);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const onScheme = (): void => {
    destroy(element);
    create(element);
  };
  scheme.addEventListener('change', onScheme);
  drawn.set(element, { plot, resize, scheme, onScheme });
}

function setLabel(element: Element, { label }: ChartOptions): void {
  const canvas = element.firstElementChild;
  if (canvas?.getAttribute('aria-label') !== label) canvas?.setAttribute('aria-label', label);
}

function destroy(element: Element): void {
  const found = drawn.get(element);
  if (!found) return;
  drawn.delete(element);
  found.scheme.removeEventListener('change', found.onScheme);
  found.resize.disconnect();
  found.plot.destroy();
}
