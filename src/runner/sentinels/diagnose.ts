/** Where the first NaN of a step came from: the same step once more on the plain engine, with an eye on every kernel. */
import { findFirstNonFinite, type Engine } from '../../engine/index.js';
import type { BatchBuffers } from '../train/batches.js';
import type { Round } from '../train/round.js';
import type { Variables } from '../train/variables.js';

/** The same round on an engine that runs one kernel after the other, with variables of its own. */
export interface Replica {
  readonly engine: Engine;
  readonly variables: Variables;
  readonly round: Round;
}

export interface DiagnosisParts {
  /** The run's. */
  readonly engine: Engine;
  readonly variables: Variables;
  readonly replicate: () => Promise<Replica>;
}

const show = (value: number): string => String(Number(value.toPrecision(3)));

/** A clause: "Exp, behind encoder/output/bias, in loss kl, of values up to 120". Null where the step is finite on the plain engine. */
export const diagnose = async (
  { engine, variables, replicate }: DiagnosisParts,
  batches: readonly BatchBuffers[],
  step: number,
): Promise<string | null> => {
  for (const { path, variable } of variables.all)
    if (!engine.read(variable).every(Number.isFinite)) return `${path}, whose values are not finite before the step`;
  const replica = await replicate();
  try {
    const paths = new Map(replica.variables.all.map(({ path, variable }) => [variable, path]));
    for (const { path, variable } of replica.variables.all) {
      const own = variables.all.find((named) => named.path === path);
      if (own) replica.engine.write(variable, engine.read(own.variable));
    }
    const found = await findFirstNonFinite([...paths.keys()], () => replica.round.run(batches, step));
    if (found === null) return null;
    const { kernel, labels, magnitude, variable } = found;
    const path = variable === null ? undefined : paths.get(variable);
    const label = labels.filter((each) => !each.startsWith('step ')).at(-1);
    return [
      `${kernel}${path === undefined ? '' : `, at or behind ${path}`}`,
      ...(label === undefined ? ['in a gradient'] : [`in ${label}`]),
      `of values up to ${show(magnitude)}`,
    ].join(', ');
  } finally {
    replica.variables.dispose();
    await replica.engine.dispose();
  }
};
