/** Sheets of images: whole-factor enlargements in rows and columns, with a heading and labels around them. */
import type { Values } from '../../registry/contracts/index.js';
import { frameColor, ink } from './colors.js';
import { drawImage, encodePng, toRaster, type ImageShape } from './raster.js';
import { measureText, page, rasterize, type Area, type Text } from './svg-raster.js';

/** An image within a batch; null leaves its place empty. */
export type Tile = { readonly values: Values; readonly index: number } | null;

export interface Sheet {
  readonly title: string;
  readonly subtitle: string;
  readonly image: ImageShape;
  /** Row-major, rows times columns of them. */
  readonly tiles: readonly Tile[];
  /** Numbers of neighbouring rows and columns that belong together; between groups there is more room. */
  readonly rowGroups: readonly number[];
  readonly columnGroups: readonly number[];
  /** Whether tiles stand apart; a manifold reads better in one piece. */
  readonly isSpaced: boolean;
  /** One for each row, left of it. */
  readonly rowLabels?: readonly string[];
  /** One for each column, below the last row. */
  readonly columnLabels?: readonly string[];
  /** One for each group of columns, above it. */
  readonly groupLabels?: readonly string[];
  /** What the labels count: left of the row labels, and below the column labels. */
  readonly rowTitle?: string;
  readonly columnTitle?: string;
}

const margin = 28;
const size = { title: 20, subtitle: 15, label: 14 } as const;
const space = { tile: 4, group: 20, label: 10 } as const;
/** Where an enlargement stops: pixels of one tile, and of all tiles together. */
const largest = { tile: 112, sheet: 1120 } as const;

/** All images of a batch in their order. */
export const tilesOf = (values: Values, count: number): readonly Tile[] => Array.from({ length: count }, (_, index) => ({ values, index }));

const total = (groups: readonly number[]): number => groups.reduce((sum, group) => sum + group, 0);

/** Where each of the rows (or columns) starts, and where the last ends, from 0. */
const layOut = (
  groups: readonly number[],
  extent: number,
  isSpaced: boolean,
): { readonly starts: readonly number[]; readonly end: number } => {
  const gap = isSpaced ? space.tile : 0;
  const starts: number[] = [];
  let at = 0;
  for (const [g, group] of groups.entries()) {
    if (g > 0) at += space.group - gap;
    for (let i = 0; i < group; i++) {
      starts.push(at);
      at += extent + gap;
    }
  }
  return { starts, end: at - gap };
};

/** The whole factor that makes tiles as large as they may be. */
const chooseScale = ({ image, rowGroups, columnGroups }: Sheet): number => {
  const tile = largest.tile / Math.max(image.width, image.height);
  const sheet = largest.sheet / Math.max(image.width * total(columnGroups), image.height * total(rowGroups));
  return Math.max(1, Math.floor(Math.min(tile, sheet)));
};

const label = (text: string, x: number, y: number, anchor: Text['anchor']): Text => {
  return { text, x, y, anchor, size: size.label, color: ink.label, weight: 400 };
};

const widest = async (texts: readonly string[]): Promise<number> => {
  const widths = texts.filter((text) => text !== '').map((text) => measureText({ text, size: size.label, weight: 400 }));
  return Math.ceil(Math.max(0, ...(await Promise.all(widths))));
};

/** Fills the gaps around a tile: on white paper alone, bright images would run into each other. */
const frame = (left: number, top: number, width: number, height: number): Area => {
  return { x: left - space.tile, y: top - space.tile, width: width + 2 * space.tile, height: height + 2 * space.tile, color: frameColor };
};

/** How much lower than its middle a label's baseline lies. */
const baseline = Math.round(size.label * 0.36);

/** Draws a sheet as PNG. Labels and frames are drawn first; tiles keep their exact pixels. */
export const drawSheet = async (sheet: Sheet): Promise<Uint8Array> => {
  const { title, subtitle, image, tiles, rowGroups, columnGroups, isSpaced } = sheet;
  const { rowLabels = [], columnLabels = [], groupLabels = [], rowTitle = '', columnTitle = '' } = sheet;
  const scale = chooseScale(sheet);
  const [tileWidth, tileHeight] = [image.width * scale, image.height * scale];
  const rows = layOut(rowGroups, tileHeight, isSpaced);
  const columns = layOut(columnGroups, tileWidth, isSpaced);

  const rowLabelWidth = await widest(rowLabels);
  const rowTitleWidth = await widest([rowTitle]);
  const withGap = (width: number): number => (width === 0 ? 0 : width + space.label);
  const left = margin + withGap(rowTitleWidth) + withGap(rowLabelWidth);
  const titleY = margin + size.title * 0.8;
  const subtitleY = titleY + size.subtitle + 10;
  const top = Math.round(subtitleY + 20 + (groupLabels.length > 0 ? size.label + space.label : 0));
  const [right, bottom] = [left + columns.end, top + rows.end];
  const columnLabelY = bottom + space.label + size.label * 0.8;
  const columnTitleY = columnLabelY + (columnLabels.length > 0 ? size.label + space.label : 0);
  const lowest = columnTitle !== '' ? columnTitleY : columnLabels.length > 0 ? columnLabelY : bottom;
  const headingWidth = Math.max(
    await measureText({ text: title, size: size.title, weight: 600 }),
    await measureText({ text: subtitle, size: size.subtitle, weight: 400 }),
  );
  const width = Math.ceil(Math.max(right, left + headingWidth)) + margin;

  const firstOfGroup = (g: number): number => columns.starts[total(columnGroups.slice(0, g))] ?? 0;
  const texts: Text[] = [
    { text: title, x: left, y: titleY, anchor: 'start', size: size.title, color: ink.title, weight: 600 },
    { text: subtitle, x: left, y: subtitleY, anchor: 'start', size: size.subtitle, color: ink.label, weight: 400 },
    ...rowLabels.map((text, i) => label(text, left - space.label, top + (rows.starts[i] ?? 0) + tileHeight / 2 + baseline, 'end')),
    ...columnLabels.map((text, i) => label(text, left + (columns.starts[i] ?? 0) + tileWidth / 2, columnLabelY, 'middle')),
    ...groupLabels.map((text, g) => label(text, left + firstOfGroup(g), top - space.label, 'start')),
    label(rowTitle, margin, top + rows.end / 2 + baseline, 'start'),
    label(columnTitle, left + columns.end / 2, columnTitleY, 'middle'),
  ];
  const placed = tiles.flatMap((tile, i) => {
    if (tile === null) return [];
    const x = columns.starts[i % columns.starts.length];
    const y = rows.starts[Math.floor(i / columns.starts.length)];
    if (x === undefined || y === undefined) throw new Error(`${String(tiles.length)} tiles do not fit a sheet of this size.`);
    return [{ ...tile, left: left + x, top: top + y }];
  });
  const frames = isSpaced ? placed.map((tile) => frame(tile.left, tile.top, tileWidth, tileHeight)) : [];
  const raster = toRaster(await rasterize(page(width, Math.ceil(lowest) + margin, texts, frames), 1));
  for (const { values, index, ...corner } of placed) {
    drawImage(raster, { ...corner, scale }, values, index * image.height * image.width * image.channels, image);
  }
  return encodePng(raster);
};
