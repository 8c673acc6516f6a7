/** Classifiers: the experiment that trains one is sound, and its model names classes. */
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { resolveEntry } from '../../registry/resolve.js';
import { buildSmall } from '../entries.js';
import type { Examination } from '../examination.js';
import { instantiate } from '../../registry/instantiate.js';

export const examineClassifier = async (
  examination: Examination,
  registry: Registry,
  component: AnyComponent<'classifier'>,
): Promise<void> => {
  const { experiment } = buildSmall(registry, 'classifier', component);
  await examination.check('its experiment is sound', () => {
    const entries = [
      ['model', experiment.model],
      ...experiment.losses.map((loss) => ['loss', loss] as const),
      ...experiment.metrics.map((metric) => ['metric', metric] as const),
    ] as const;
    for (const [kind, entry] of entries) {
      const [fault] = resolveEntry(registry, kind, entry).faults;
      if (fault !== undefined) return `its ${kind} has a fault: ${fault.code} at ${fault.path.join('.')}`;
    }
    return null;
  });
  if (examination.hasFailed) return;
  await examination.check('its model names classes', () => {
    const model = instantiate(registry, 'model', resolveEntry(registry, 'model', experiment.model).value);
    return model.offers.includes('class.logits') ? null : 'its model does not offer class.logits';
  });
  await examination.check('measures its accuracy', () => {
    const names = experiment.metrics.map((entry) => resolveEntry(registry, 'metric', entry).value['type']);
    return names.includes('accuracy') ? null : '`accuracy` is not among its metrics';
  });
};
