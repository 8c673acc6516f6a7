/** Charts: a Vega-Lite specification as SVG and PNG, in one look. */
import type { TopLevelSpec } from 'vega-lite';
import { ink } from './colors.js';
import { fontFamily } from './fonts.js';
import { encodePng, toRaster } from './raster.js';
import { drawnBox, rasterize } from './svg-raster.js';

/** A page in the web has other fonts where it lacks ours. */
const font = `${fontFamily}, Helvetica, Arial, sans-serif`;

const config = {
  background: 'transparent',
  font,
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: 16,
    fontWeight: 600,
    color: ink.title,
    subtitleFontSize: 12.5,
    subtitleColor: ink.label,
    subtitlePadding: 5,
    offset: 16,
  },
  axis: {
    labelFontSize: 12,
    labelLimit: 0,
    labelColor: ink.label,
    labelPadding: 6,
    titleFontSize: 12.5,
    titleFontWeight: 400,
    titleColor: ink.title,
    titlePadding: 12,
    gridColor: ink.grid,
    domainColor: ink.axis,
    tickColor: ink.axis,
    tickSize: 4,
  },
  legend: {
    // Vega cuts long labels where nothing else is told, by its guess of their width.
    labelLimit: 0,
    labelFontSize: 12.5,
    labelColor: ink.title,
    titleFontSize: 12.5,
    titleFontWeight: 400,
    titleColor: ink.label,
  },
} as const;

/**
 * What Vega knows and Vega-Lite has no word for: two legends above a panel stand below each other, since side by side they would be wider
 * than it.
 */
const layoutConfig = { legend: { layout: { top: { anchor: 'start', direction: 'vertical', margin: 6 } } } } as const;

export interface Chart {
  readonly svg: string;
  readonly png: Uint8Array;
}

/** Pixels of the PNG for one unit of the SVG: text stays sharp on dense screens. */
const zoom = 2;
const margin = 24;

/**
 * The page cut to what is drawn, with a margin all around. Without a canvas Vega guesses how wide texts are, and leaves too
 * much room for some.
 */
const trim = async (svg: string): Promise<string> => {
  const box = await drawnBox(svg);
  const [x, y] = [Math.floor(box.x) - margin, Math.floor(box.y) - margin];
  const [width, height] = [Math.ceil(box.x + box.width) + margin - x, Math.ceil(box.y + box.height) + margin - y];
  const content = svg.slice(svg.indexOf('>') + 1);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}">` +
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${ink.paper}"/>${content}`
  );
};

/** Draws a chart; its data must stand in the specification. */
export const drawChart = async (chart: TopLevelSpec): Promise<Chart> => {
  const [{ compile }, { View, parse }] = await Promise.all([import('vega-lite'), import('vega')]);
  const view = new View(parse(compile(chart, { config }).spec, layoutConfig), { renderer: 'none' });
  try {
    const svg = await trim(await view.toSVG());
    return { svg, png: await encodePng(toRaster(await rasterize(svg, zoom))) };
  } finally {
    view.finalize();
  }
};
