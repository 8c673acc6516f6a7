/** Schedules: pure numbers of progress; they begin at `from`, and one whose duration is given has no clock of its own. */
import type { Progress, Schedule } from '../../registry/contracts/index.js';
import type { AnyComponent } from '../../registry/define.js';
import { exampleEntry } from '../../registry/example.js';
import { instantiate } from '../../registry/instantiate.js';
import type { Registry } from '../../registry/registry.js';
import { resolveEntry } from '../../registry/resolve.js';
import type { PlainMap } from '../../registry/values.js';
import { Skipped, type Examination } from '../examination.js';

const stepsPerEpoch = 12;
const totalSteps = 60;
/** How much longer everything takes in the second of two schedules that should agree. */
const stretch = 7;

const progressAt = (step: number, factor = 1): Progress => ({
  step: step * factor,
  stepsPerEpoch: stepsPerEpoch * factor,
  totalSteps: totalSteps * factor,
});
const allSteps = Array.from({ length: totalSteps + 13 }, (_, step) => step);

const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1e-12, Math.abs(a), Math.abs(b));

const impure = (schedule: Schedule): string | null => {
  const forwards = allSteps.map((step) => schedule.at(progressAt(step)));
  const bad = forwards.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) return `at update ${String(bad)} it is ${String(forwards[bad])}`;
  const backwards = allSteps.toReversed().map((step) => schedule.at(progressAt(step)));
  const other = forwards.findIndex((value, step) => value !== backwards.toReversed()[step]);
  return other < 0 ? null : `asked again for update ${String(other)}, it gives another number`;
};

const untrueConstant = (schedule: Schedule): string | null => {
  const first = schedule.at(progressAt(0));
  const other = allSteps.find((step) => schedule.at(progressAt(step)) !== first);
  return schedule.constant && other !== undefined ? `it says that it is constant, and changes at update ${String(other)}` : null;
};

/** Params that say how long it takes: those of `durationParams`. */
const durations = ['epochs', 'steps'];

/** Each way to say how long it takes, and none of them where that can be. */
const lengthsOf = ({ params }: AnyComponent, factor: number): readonly PlainMap[] => {
  const names = durations.filter((name) => Object.hasOwn(params, name));
  const none = Object.fromEntries(
    names.flatMap((name) => {
      const param = params[name];
      return param !== undefined && 'nullable' in param && param.nullable === true ? [[name, null] as const] : [];
    }),
  );
  const canBeLeftOut = names.length > 0 && Object.keys(none).length === names.length;
  return [...(canBeLeftOut ? [none] : []), ...names.map((name) => ({ ...none, [name]: name === 'steps' ? 24 * factor : 2 }))];
};

/** A schedule with the changes that its params allow: other values of `from`, a duration. */
const build = (registry: Registry, component: AnyComponent<'schedule'>, changes: PlainMap): Schedule => {
  const { value, faults } = resolveEntry(registry, 'schedule', { ...exampleEntry(registry, component), ...changes });
  if (faults.length > 0) throw new Skipped('its params do not take other values');
  return instantiate(registry, 'schedule', value);
};

const unevenStretch = (registry: Registry, component: AnyComponent<'schedule'>): string | null => {
  const short = lengthsOf(component, 1);
  if (short.length === 0) throw new Skipped('it has neither a param `steps` nor a param `epochs`');
  const long = lengthsOf(component, stretch);
  for (const [i, length] of short.entries()) {
    const [a, b] = [build(registry, component, length), build(registry, component, long[i] ?? {})];
    const at = allSteps.find((step) => !isClose(a.at(progressAt(step)), b.at(progressAt(step, stretch))));
    if (at !== undefined) {
      const [value, stretched] = [a.at(progressAt(at)), b.at(progressAt(at, stretch))];
      return (
        `with ${JSON.stringify(length)} it is ${String(value)} at update ${String(at)}, and ${String(stretched)} where everything takes ` +
        `${String(stretch)} times as long: is it one update early or late?`
      );
    }
  }
  return null;
};

const otherStart = (registry: Registry, component: AnyComponent<'schedule'>): string | null => {
  const { params } = component;
  const from = params['from'];
  if (from === undefined || !('type' in from) || from.type !== 'number') throw new Skipped('it has no param `from`');
  for (const value of [0.75, 0.25]) {
    const start = build(registry, component, { from: value }).at(progressAt(0));
    if (!isClose(start, value)) return `with \`from: ${String(value)}\` it begins at ${String(start)}`;
  }
  return null;
};

export const examineSchedule = async (examination: Examination, registry: Registry, component: AnyComponent<'schedule'>): Promise<void> => {
  const plain = (): Schedule => build(registry, component, {});
  await examination.check('is a function of progress alone', () => impure(plain()));
  await examination.check('is constant where it says so', () => untrueConstant(plain()));
  await examination.check('begins at `from`', () => otherStart(registry, component));
  await examination.check('counts updates evenly', () => unevenStretch(registry, component));
};
