/** Lines in a panel, and the legend above it that tells them apart. */
import { lineColors } from './colors.js';

export const panelSize = { width: 640, height: 340 } as const;

/** As many columns of a legend as stand above the panel without being wider, by a guess at the width of its longest label. */
const legendColumns = (labels: readonly string[]): number => {
  const widest = 58 + 7.2 * Math.max(...labels.map(({ length }) => length));
  return Math.max(1, Math.min(3, Math.floor(panelSize.width / widest)));
};

export const lineLegend = (labels: readonly string[]) =>
  ({
    title: null,
    orient: 'top',
    symbolType: 'stroke',
    symbolSize: 500,
    symbolStrokeWidth: 2.5,
    columnPadding: 24,
    columns: legendColumns(labels),
  }) as const;

/** Colours by label. */
export const lineScale = (labels: readonly string[]) => ({
  domain: [...labels],
  ...(labels.length > lineColors.length ? { scheme: 'turbo' as const } : { range: [...lineColors] }),
});
