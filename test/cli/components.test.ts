import { expect, it } from 'vitest';
import { runComponents, type ComponentsRequest } from '../../src/cli/commands/components.js';
import { Registry } from '../../src/registry/registry.js';
import { toyComponents } from '../registry/toy-components.js';

const registry = new Registry(toyComponents);
const run = (request: ComponentsRequest) => {
  const out: string[] = [];
  const err: string[] = [];
  const code = runComponents(request, { out: (line) => out.push(line), err: (line) => err.push(line) }, registry);
  return { code, out: out.join('\n'), err: err.join('\n') };
};

it('lists every kind and every component', () => {
  const { code, out } = run({});
  expect(code).toBe(0);
  expect(out).toContain('encoder (2)');
  for (const { name, description } of toyComponents)
    expect(out).toMatch(new RegExp(`^  ${name} +${description.replaceAll(/[.()]/g, '\\$&')}$`, 'm'));
});

it.each(['loss', 'losses', 'Loss'])('lists one kind, asked for as %s', (kind) => {
  const { code, out } = run({ kind });
  expect(code).toBe(0);
  const losses = toyComponents.filter((component) => component.kind === 'loss').map(({ name }) => name);
  const [heading, ...lines] = out.split('\n');
  expect(heading).toMatch(new RegExp(`^loss \\(${String(losses.length)}\\)`));
  expect(lines.map((line) => line.trim().split(' ')[0]).toSorted()).toEqual(losses.toSorted());
});

it('shows params, their limits, defaults and units, and an example', () => {
  const { code, out } = run({ kind: 'loss', name: 'beta-kl' });
  expect(code).toBe(0);
  expect(out).toMatch(/freeNats +number ≥ 0, default 0 \[nats\] +Slack per latent\./);
  expect(out).toMatch(/params of every loss\n +weight +schedule, default 1/);
  expect(out).toContain('example\n  losses:\n    - type: beta-kl\n');
});

it('prints JSON with the schema', () => {
  expect(JSON.parse(run({ kind: 'schedule', name: 'linear-warmup', json: true }).out)).toMatchObject([
    {
      kind: 'schedule',
      name: 'linear-warmup',
      schema: { required: ['epochs'], additionalProperties: false },
      example: { type: 'linear-warmup', epochs: 1 },
    },
  ]);
  expect(JSON.parse(run({ json: true }).out)).toHaveLength(toyComponents.length);
});

it.each<[ComponentsRequest, string]>([
  [{ kind: 'optimizr' }, 'did you mean "optimizer"?'],
  [{ kind: 'loss', name: 'betaKl' }, 'did you mean "beta-kl"?'],
  [{ kind: 'loss', name: 'mlp' }, 'among the encoders and decoders'],
  [{ kind: 'constructor' }, 'Known kinds: dataset'],
])('ends with 2 for %o', (request, text) => {
  const { code, out, err } = run(request);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(text);
});
