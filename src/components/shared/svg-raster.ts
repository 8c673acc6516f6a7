/** SVG to pixels, with resvg and the font that comes with latentlab. */
import { ink } from './colors.js';
import { fontFamily, fontFiles } from './fonts.js';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Text {
  /** Of the baseline's start, middle or end, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly color: string;
  readonly weight: 400 | 600;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);

const textElement = ({ x, y, text, size, anchor, color, weight }: Text): string =>
  `<text x="${x}" y="${y}" font-family="${fontFamily}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${color}">${escape(text)}</text>`;

/** A rectangle of one colour. */
export interface Area extends Box {
  readonly color: string;
}

const areaElement = ({ x, y, width, height, color }: Area): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${color}"/>`;

/** A white page with areas and texts on it. */
export const page = (width: number, height: number, texts: readonly Text[], areas: readonly Area[] = []): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
  `<rect width="100%" height="100%" fill="${ink.paper}"/>${areas.map(areaElement).join('')}${texts.map(textElement).join('')}</svg>`;

const load = async (svg: string, zoom: number) => {
  // A native module: only runs that draw need it.
  const { Resvg } = await import('@resvg/resvg-js');
  return new Resvg(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: fontFamily, sansSerifFamily: fontFamily },
  });
};

/** Width of a text in pixels. */
export const measureText = async (text: Omit<Text, 'x' | 'y' | 'anchor' | 'color'>): Promise<number> => {
  const line = `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">${textElement({ ...text, x: 0, y: 0, anchor: 'start', color: ink.title })}</svg>`;
  return (await load(line, 1)).getBBox()?.width ?? 0;
};

/** What of an SVG is drawn, in its units. @throws Error where nothing is. */
export const drawnBox = async (svg: string): Promise<Box> => {
  const box = (await load(svg, 1)).getBBox();
  if (box === undefined) throw new Error('The picture is empty.');
  return box;
};

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** [height, width, 4], 8 bits a channel. */
  readonly rgba: Uint8Array;
}

/** Draws an SVG at `zoom` pixels for each of its units. */
export const rasterize = async (svg: string, zoom: number): Promise<Pixels> => {
  const image = (await load(svg, zoom)).render();
  return { width: image.width, height: image.height, rgba: image.pixels };
};
