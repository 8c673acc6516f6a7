/**
 * Run by a test in a process of its own: verifies one component for each mutant, and prints what failed, a line for each. Arguments: the
 * folder of the build, and a JSON file of mutants.
 */
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const [build, file] = process.argv.slice(2);
const mutants = JSON.parse(readFileSync(file, 'utf8'));
const base = pathToFileURL(`${build}/`).href;
register('./mutating-hooks.mjs', import.meta.url, { data: { components: `${base}components/`, mutants } });
const { Registry } = await import(`${base}registry/registry.js`);
const { verifyComponent } = await import(`${base}verify/verify.js`);
for (const [i, { component }] of mutants.entries()) {
  const { components } = await import(`${base}components/index.js?mutant=${i}`);
  const registry = new Registry(components);
  const [kind, name] = component.split(' ');
  const findings = await verifyComponent(registry, registry.find(kind, name));
  console.log(JSON.stringify(findings.filter(({ status }) => status === 'failed')));
}
