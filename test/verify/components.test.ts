/** Our own components hold to what the kit asks of everybody's. */
import { describe, expect, it } from 'vitest';
import { components } from '../../src/components/index.js';
import { Registry } from '../../src/registry/registry.js';
import { verifyComponent } from '../../src/verify/verify.js';

const registry = new Registry(components);

/** It would be downloaded. */
const needsNetwork = new Set(['dataset mnist']);
/** No model or data of the kit suits them: pictures of points, and of classes that are generated one by one. */
const untried = new Set(['plot class-grid', 'plot density', 'plot pushforward']);

const own = components.map((component) => [`${component.kind} ${component.name}`, component] as const);

describe.each(own.filter(([title]) => !needsNetwork.has(title)))('%s', (title, component) => {
  it('is verified', async () => {
    const findings = await verifyComponent(registry, component);
    expect(findings.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(findings.filter(({ status }) => status === 'passed').length).toBeGreaterThanOrEqual(3);
    const isTried = findings.every(({ check }) => check !== 'is tried in a model');
    expect(isTried || untried.has(title)).toBe(true);
  });
});
