/** Colours of pictures: chosen to be told apart with any kind of colour vision, and on white paper. */

/** Text and lines, from what is read first to what is only there to help. Greys, so that pictures of grey data stay grey. */
export const ink = { title: '#1a1a1a', label: '#555555', axis: '#a3a3a3', grid: '#e9e9e9', paper: '#ffffff' } as const;

/** Between images: neither the black nor the white that they end with. */
export const frameColor = '#d0d0d0';

/**
 * Lines of a chart: dark and saturated enough for thin strokes. Blue, vermillion and the rest are the palette of Okabe & Ito
 * 2008, "Color Universal Design", without black and without its yellow, which is lost on white.
 */
export const lineColors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'] as const;

/** Ten classes: Petroff 2021, "Accessible color sequences for data visualization", arXiv:2107.02270, table 1. */
export const classColors = [
  '#3f90da',
  '#ffa90e',
  '#bd1f01',
  '#94a4a2',
  '#832db6',
  '#a96b59',
  '#e76300',
  '#b9ac70',
  '#717581',
  '#92dadd',
] as const;
