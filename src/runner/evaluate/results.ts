/** eval.csv: the figures that were measured afterwards, a line each; run.json has the same, with all that they hang on. */
import { createArrayCsvStringifier } from 'csv-writer/dist/index.js';
import type { Evaluation, RunRecord } from '../output/record.js';

const columns = ['step', 'epoch', 'split', 'figure', 'value', 'unit', 'provenance'] as const satisfies readonly (keyof Evaluation)[];

const order = (a: Evaluation, b: Evaluation): number =>
  a.step - b.step || (a.split < b.split ? -1 : a.split > b.split ? 1 : 0) || (a.figure < b.figure ? -1 : a.figure > b.figure ? 1 : 0);

/** Newer figures take the place of older ones of the same checkpoint, split and column. */
const mergeEvaluations = (old: readonly Evaluation[], added: readonly Evaluation[]): readonly Evaluation[] => {
  const placeOf = ({ step, split, figure }: Evaluation): string => `${String(step)} ${split}.${figure}`;
  return [...new Map([...old, ...added].map((each) => [placeOf(each), each])).values()].toSorted(order);
};

export const evaluationsCsv = (evaluations: readonly Evaluation[]): string => {
  const csv = createArrayCsvStringifier({ header: [...columns] });
  return `${csv.getHeaderString() ?? ''}${csv.stringifyRecords(evaluations.map((each) => columns.map((column) => String(each[column]))))}`;
};

/** What changes in run.json: figures of the last step are the run's own, too, so that runs can be compared by them. */
export const recordEvaluations = (
  record: RunRecord,
  added: readonly Evaluation[],
  provenance: NonNullable<RunRecord['provenance']>,
): Partial<RunRecord> => {
  const last = added.filter(({ step }) => step === record.step);
  const named = <T>(valueOf: (each: Evaluation) => T): Readonly<Record<string, T>> =>
    Object.fromEntries(last.map((each) => [`${each.split}.${each.figure}`, valueOf(each)]));
  return {
    evaluations: mergeEvaluations(record.evaluations ?? [], added),
    provenance: { ...record.provenance, ...provenance },
    metrics: { ...record.metrics, ...named(({ value }) => value) },
    measured: { ...record.measured, ...named((each) => each.provenance) },
  };
};
