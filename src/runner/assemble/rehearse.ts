/**
 * A run on paper: everything that a run compiles is recorded, by the same assembly, on an engine that runs nothing. What cannot be computed
 * is so told at the line of its component, before anything is trained or written, and what can is known by its cost. No tensor has values.
 */
import type { Container } from 'inversify';
import { OutlineEngine, type StepOutline } from '../../engine/index.js';
import { accuseLater } from '../../registry/blame.js';
import type { DataFacts, Draw, Forward, Shape } from '../../registry/contracts/index.js';
import type { Fault } from '../../registry/faults.js';
import { instantiate } from '../../registry/instantiate.js';
import { resolveEntry } from '../../registry/resolve.js';
import type { ProvidedClassifier } from '../classifier/provide.js';
import { metricColumns } from '../config/checks.js';
import type { LoadedExperiment } from '../config/load.js';
import { faultsOf, isOfRecording } from '../plan/faults.js';
import { createStandIn, type Counts } from '../plan/stand-in.js';
import { hasOthers } from '../registry.js';
import type { EvaluationPass } from '../train/evaluate.js';
import type { UpdateColumns } from '../train/losses.js';
import { Variables, type NamedVariable } from '../train/variables.js';
import { studios } from './plots.js';
import type { Plan, UpdateGraph } from './services.js';
import { tokens, type Parts } from './tokens.js';

/** A variable of the run. */
export interface OutlinedVariable extends Omit<NamedVariable, 'variable'> {
  readonly shape: Shape;
  readonly size: number;
  /** What the first kernel of training gives that reads it, with the axis of the examples; null where none does. */
  readonly output: Shape | null;
}

export interface Rehearsal {
  /** Everything that cannot be computed; what follows is whole where there is none. */
  readonly faults: readonly Fault[];
  /** Why something was not recorded that the run's engine need not record. */
  readonly notes: readonly string[];
  readonly variables: readonly OutlinedVariable[];
  /** What a round runs, one after another. */
  readonly round: readonly StepOutline[];
  readonly evaluation: readonly (StepOutline & EvaluationPass)[];
  readonly plots: readonly StepOutline[];
  readonly graph: UpdateGraph;
  readonly plan: Plan;
  /** Examples of a pass of metrics. */
  readonly evaluationBatchSize: number;
  /** How the figures of the updates and of the metrics (behind their split) are called. */
  readonly updateColumns: readonly UpdateColumns[];
  readonly metricColumns: readonly string[];
  /** Plots that leave one picture of all their moments. */
  readonly concluding: readonly string[];
}

/** The classifier's model, untrained, with variables that are none of the run's. */
const outlineClassifier = async (
  { built: { classifier }, registry }: LoadedExperiment,
  engine: OutlineEngine,
  parts: Parts,
): Promise<ProvidedClassifier | null> => {
  if (classifier === null) return null;
  const { type, component, path } = classifier;
  const { random, data } = await parts.get('random', 'data');
  const entry = resolveEntry(registry, 'model', component.experiment.model).value;
  const model = instantiate(registry, 'model', entry, path);
  const forwardOn = (variables: Variables): Forward => model.build(variables.scope('classifier'), data);
  return { type, folder: '', accuracy: 0, split: 'test', sha256: '', forward: forwardOn(new Variables(engine, random)), forwardOn };
};

/** Places of one experiment that are at fault alike are told once. */
const isSame = (a: Fault, b: Fault): boolean => a.code === b.code && a.path.join() === b.path.join();

class Stage {
  readonly faults: Fault[] = [];
  readonly notes: string[] = [];
  readonly #judge: (error: unknown) => readonly Fault[];
  readonly #mustRecord: boolean;

  constructor(mustRecord: boolean, judge: (error: unknown) => readonly Fault[]) {
    this.#mustRecord = mustRecord;
    this.#judge = judge;
  }

  /** What `body` gives; null where it met a fault, which is kept. */
  async play<T>(body: () => Promise<T>): Promise<T | null> {
    try {
      return await body();
    } catch (error) {
      if (isOfRecording(error) && !this.#mustRecord) {
        this.notes.push(error.message);
        return null;
      }
      const found = this.#judge(error);
      if (found.length === 0) throw error;
      this.faults.push(...found.filter((fault) => !this.faults.some((known) => isSame(known, fault))));
      return null;
    }
  }
}

/**
 * @param container Of a run of its own, with its parts: engine, data and classifier are put in here.
 * @throws RunError `too-few-examples`, and what is no fault of a component.
 */
export const rehearse = async (
  { container, parts }: { readonly container: Container; readonly parts: Parts },
  facts: DataFacts,
  counts: Counts,
): Promise<Rehearsal> => {
  const { experiment } = await parts.get('experiment');
  // Our own components are known to draw from the noise that they are given.
  const engine = new OutlineEngine(hasOthers(experiment.registry) ? accuseLater : null);
  container.rebind(tokens.engine).toConstantValue(engine);
  container.rebind(tokens.data).toConstantValue(createStandIn(facts, counts));
  container.rebind(tokens.classifier).toDynamicValue(() => outlineClassifier(experiment, engine, parts));
  const { variables, plan, graph, figures } = await parts.get('variables', 'plan', 'graph', 'figures');
  const { type } = experiment.experiment.engine;
  const stage = new Stage(type === 'auto' || type === 'onnx', (error) => faultsOf(error, variables.all, facts.shape));
  const concluding: string[] = [];
  try {
    const forward = await stage.play(() => parts.get('forward'));
    const round = forward && (await stage.play(() => parts.get('round')));
    const numOfRound = engine.steps.length;
    if (forward !== null) await stage.play(() => parts.get('sampler'));
    const numOfSampler = engine.steps.length;
    // Where the round cannot be computed the pass of metrics may say more: it reads other things.
    const passes = (forward && (await stage.play(() => parts.get('evaluator'))))?.evaluator.passes ?? [];
    const numOfEvaluation = engine.steps.length;
    const { latent } = experiment.built.model.component;
    const columns = experiment.built.metrics.flatMap((metric) => metricColumns(metric, latent));
    // A sampler that cannot be prepared was told of above; its studios cannot be made either.
    const studioOf = forward && (await stage.play(() => studios(parts, columns)));
    if (studioOf !== null)
      for (const { name, component } of experiment.built.plots) {
        const studio = studioOf(name);
        const draw = await stage.play(() => preparePlot(() => component.prepare(studio)));
        if (draw?.conclude !== undefined) concluding.push(name);
      }
    const steps = engine.steps.slice(0, numOfRound);
    return {
      ...{ faults: stage.faults, notes: stage.notes, plan, graph },
      variables: variables.all.map((named) => outline(named, steps)),
      round: round === null ? [] : steps,
      evaluation: engine.steps
        .slice(numOfSampler, numOfEvaluation)
        .map((step, i) => ({ ...step, ...(passes[i] ?? { everyEpochs: null, most: null, runs: 1 }) })),
      plots: engine.steps.slice(numOfEvaluation),
      evaluationBatchSize: Math.min(experiment.experiment.training.evaluationBatchSize, Math.max(1, ...Object.values(counts))),
      updateColumns: figures.map(({ columns }) => columns),
      metricColumns: columns.map(({ name }) => name),
      concluding,
    };
  } finally {
    variables.dispose();
  }
};

/** A plot may look at the data before it compiles anything, and find that it is not real: only what it compiles is judged. */
const preparePlot = async (prepare: () => Promise<Draw>): Promise<Draw | null> => {
  try {
    return await prepare();
  } catch (error) {
    if (faultsOf(error, [], []).length > 0 || isOfRecording(error)) throw error;
    return null;
  }
};

const outline = ({ variable, ...named }: NamedVariable, steps: readonly StepOutline[]): OutlinedVariable => ({
  ...named,
  shape: [...variable.shape],
  size: variable.size,
  output: steps.map(({ firstUses }) => firstUses.get(variable)).find((use) => use !== undefined)?.shape ?? null,
});
