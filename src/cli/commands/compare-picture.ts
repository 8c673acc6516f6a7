/** `latentlab compare --picture`: figures of runs against a value of their experiments, drawn. */
import { drawValueChart } from '../../components/shared/value-chart.js';
import { ReportError } from '../../report/errors.js';
import { drawnLines, type Line, type LineOptions } from '../../report/lines.js';
import type { ReportedRun } from '../../report/runs.js';
import { writeOutput } from '../write-output.js';

const withUnit = (name: string, unit: string): string => (unit === '' ? name : `${name} (${unit})`);

/** The vertical axis of lines of one unit: the figure where there is one, else what they share. */
const axisTitle = (lines: readonly Line[], unit: string): string => {
  const metrics = [...new Set(lines.map(({ metric }) => metric))];
  return metrics.length === 1 ? withUnit(metrics[0] ?? '', unit) : unit;
};

/** @throws ReportError for what cannot be drawn, or written. */
export const drawRuns = async (runs: readonly ReportedRun[], options: LineOptions, file: string): Promise<void> => {
  const { lines, split, errors, numRuns } = await drawnLines(runs, options);
  const metrics = [...new Set(lines.map(({ metric }) => metric))];
  const units = [...new Set(lines.map(({ unit }) => unit))];
  const { svg, png } = await drawValueChart({
    title: `${metrics.length === 1 ? (metrics[0] ?? '') : 'Figures'} against ${options.against}`,
    subtitle: [`${String(numRuns)} runs${split === '' ? '' : `, ${split} split`}`, ...errors.map((error) => `bars are ${error}`)].join(
      '; ',
    ),
    value: options.against,
    panels: units.map((unit) => {
      const ofUnit = lines.filter((line) => line.unit === unit);
      return { title: axisTitle(ofUnit, unit), lines: ofUnit };
    }),
  });
  const obstacle = await writeOutput(file, /\.svg$/i.test(file) ? svg : png);
  if (obstacle !== null) throw new ReportError(obstacle);
};
