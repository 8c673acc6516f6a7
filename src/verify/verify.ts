/** The conformance kit: tries components on what their kind promises, one after another, on small models and made-up data. */
import type { AnyComponent } from '../registry/define.js';
import type { Kind } from '../registry/kinds.js';
import { Registry } from '../registry/registry.js';
import { Examination, type Finding } from './examination.js';
import { examineGenerally } from './general.js';
import { examineClassifier } from './kinds/classifiers.js';
import { examineDataset } from './kinds/datasets.js';
import { examineFeatures } from './kinds/features.js';
import { examineLatent } from './kinds/latents.js';
import { examineLikelihood } from './kinds/likelihoods.js';
import { examineLoss } from './kinds/losses.js';
import { examineMetric } from './kinds/metrics.js';
import { examineModel } from './kinds/models.js';
import { examineNetwork } from './kinds/networks.js';
import { examineOptimizer } from './kinds/optimizers.js';
import { examinePlot } from './kinds/plots.js';
import { examinePosterior } from './kinds/posteriors.js';
import { examinePrior } from './kinds/priors.js';
import { examineSampler } from './kinds/samplers.js';
import { examineSchedule } from './kinds/schedules.js';
import { examineTransform } from './kinds/transforms.js';

type Examine<K extends Kind> = (examination: Examination, registry: Registry, component: AnyComponent<K>) => Promise<void>;

const examiners: { readonly [K in Kind]: Examine<K> } = {
  dataset: examineDataset,
  transform: examineTransform,
  encoder: (examination, registry, component) => examineNetwork(examination, registry, 'encoder', component),
  decoder: (examination, registry, component) => examineNetwork(examination, registry, 'decoder', component),
  generator: (examination, registry, component) => examineNetwork(examination, registry, 'generator', component),
  discriminator: (examination, registry, component) => examineNetwork(examination, registry, 'discriminator', component),
  latent: examineLatent,
  classifier: examineClassifier,
  sampler: examineSampler,
  posterior: examinePosterior,
  prior: examinePrior,
  likelihood: examineLikelihood,
  model: examineModel,
  loss: examineLoss,
  optimizer: examineOptimizer,
  schedule: examineSchedule,
  features: examineFeatures,
  metric: examineMetric,
  plot: examinePlot,
};

const examineKind = <K extends Kind>(kind: K, examination: Examination, registry: Registry, component: AnyComponent<K>): Promise<void> =>
  examiners[kind](examination, registry, component);

/**
 * Verifies one component.
 * @param registry Has the component, and those that it is tried with: models for a loss, networks for a model.
 */
export const verifyComponent = async (registry: Registry, component: AnyComponent): Promise<readonly Finding[]> => {
  const examination = new Examination(`${component.kind} ${component.name}`);
  await examineGenerally(examination, registry, component);
  // What does not build cannot be tried.
  if (examination.hasFailed) return examination.findings;
  await examination.check('can be tried', async () => {
    await examineKind(component.kind, examination, registry, component);
    return null;
  });
  return examination.findings.filter(({ check, status }) => check !== 'can be tried' || status !== 'passed');
};

/** Verifies components beside others; `onComponent` is told of each as it is done. */
export const verifyComponents = async (
  components: readonly AnyComponent[],
  others: readonly AnyComponent[],
  onComponent: (component: AnyComponent, findings: readonly Finding[]) => void = () => undefined,
): Promise<readonly Finding[]> => {
  const registry = new Registry([...others, ...components]);
  const all: Finding[] = [];
  for (const component of components) {
    const findings = await verifyComponent(registry, component);
    onComponent(component, findings);
    all.push(...findings);
  }
  return all;
};
