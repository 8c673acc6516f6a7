/** Plots: pictures that are PNG files with a caption, the same each time they are drawn of the same weights. */
import type { Column, HistoryRow, Moment, Picture, Plot } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import type { Registry } from '../../registry/registry.js';
import { createStudio } from '../../runner/train/studio.js';
import { withBench } from '../bench.js';
import { buildSmall } from '../entries.js';
import type { Examination } from '../examination.js';
import { createHostData } from './host-data.js';
import { findHosts, forwardOf, hostData, type Host } from './hosts.js';

const pngSignature = [137, 80, 78, 71, 13, 10, 26, 10];

const columns: readonly Column[] = [{ name: 'elbo', unit: 'nats', title: 'ELBO' }];
const history: readonly HistoryRow[] = [0, 1, 2].map((epoch) => ({
  epoch,
  step: 6 * epoch,
  loss: 100 - epoch,
  'train.elbo': epoch - 100,
  'validation.elbo': epoch - 101,
}));
const moment: Moment = { epoch: 2, step: 12, isLast: true };

const draw = (host: Host, registry: Registry, component: AnyComponent<'plot'>): Promise<readonly Picture[]> =>
  withBench('cpu', 1, async (bench) => {
    const forward = forwardOf(host, bench.variables.scope(''));
    const studio = createStudio(
      {
        engine: bench.engine,
        data: createHostData(),
        forward: ({ x, labels }, pass) => forward({ ...(x === undefined ? {} : { x }), ...(labels === undefined ? {} : { labels }) }, pass),
        latent: host.model.latent,
        random: bench.random,
        columns,
        history,
        fittedCodes: null,
      },
      'plot',
      component.name,
    );
    const drawAt = await buildSmall(registry, 'plot', component).prepare(studio);
    return [...(await drawAt(moment)), ...((await drawAt.conclude?.(moment)) ?? [])];
  });

const isPng = ({ png }: Picture): boolean => pngSignature.every((byte, i) => png[i] === byte);

const misfitOn = (host: Host, plot: Plot): string | null => {
  const { latent, offers, players } = host.model;
  const counts = { train: 24, validation: 24, test: 24 };
  return (
    plot.check?.({ data: hostData, counts, latent, offers, players, metricColumns: ['elbo'], trainingColumns: ['loss'] })?.message ?? null
  );
};

export const examinePlot = async (examination: Examination, registry: Registry, component: AnyComponent<'plot'>): Promise<void> => {
  const plot = buildSmall(registry, 'plot', component);
  await examination.tryEach(findHosts(registry, { needs: plot.needs, suits: (host) => misfitOn(host, plot) === null }), (host, trial) =>
    examineOn(host, { registry, component, examination: trial }),
  );
};

interface Trial {
  readonly registry: Registry;
  readonly component: AnyComponent<'plot'>;
  readonly examination: Examination;
}

const examineOn = async (host: Host, { registry, component, examination }: Trial): Promise<void> => {
  const pictures: Picture[] = [];
  await examination.check('draws', async () => {
    pictures.push(...(await draw(host, registry, component)));
    return pictures.length === 0 ? 'at the end of training it gives no picture' : null;
  });
  if (pictures.length === 0) return;
  await examination.check('its pictures are PNG files with a sentence each', () => {
    const bad = pictures.find((picture) => !isPng(picture) || !picture.caption.endsWith('.'));
    if (bad === undefined) return null;
    return isPng(bad) ? `its caption is no sentence: "${bad.caption}"` : 'a picture is no PNG';
  });
  await examination.check('is deterministic per seed', async () => {
    const again = await draw(host, registry, component);
    const isSame =
      again.length === pictures.length && again.every(({ png }, i) => Buffer.compare(png, pictures[i]?.png ?? Buffer.alloc(0)) === 0);
    return isSame ? null : 'drawn again of the same weights, it is another picture';
  });
};
