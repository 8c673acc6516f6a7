/** From what was thrown while a model was recorded to a fault at the line of the component that is to blame. */
import { TraceError } from '../../engine/index.js';
import { partToBlame, type Part } from '../../registry/blame.js';
import type { Shape } from '../../registry/contracts/index.js';
import type { ComponentName, Fault } from '../../registry/faults.js';
import { ShapeError } from '../../registry/guards.js';
import type { Kind } from '../../registry/kinds.js';
import { RunError } from '../errors.js';
import type { NamedVariable } from '../train/variables.js';

/** Kinds that give what an example looks like. */
const likeData: readonly Kind[] = ['decoder', 'generator', 'likelihood'];

const nameOf = ({ kind, name }: Part): ComponentName => ({ kind, name });

/** Where no variable of a component is reached, it is the losses that lack something. */
const missingGradients = ({ player, missing }: RunError<'no-gradient'>['facts'], variables: readonly NamedVariable[]): readonly Fault[] => {
  const parts = new Map<Part, readonly string[]>();
  for (const { path, part } of variables) if (part !== null && missing.includes(path)) parts.set(part, [...(parts.get(part) ?? []), path]);
  return [...parts].map(([part, paths]): Fault => {
    const isAll = variables.every((named) => named.part !== part || !named.trainable || missing.includes(named.path));
    return {
      code: 'no-gradient',
      path: isAll ? ['losses'] : part.path,
      at: 'value',
      facts: { component: nameOf(part), player, variables: paths, isAll },
    };
  });
};

const isMissingGradient = (error: unknown): error is RunError<'no-gradient'> => error instanceof RunError && error.code === 'no-gradient';

/** A message may hold a stack, or a drawing; a fault's reason is a clause. */
const clauseOf = ({ message }: Error): string => (message.split('\n')[0] ?? '').replace(/\.$/, '');

/** @returns Empty for what is nobody's fault: it is thrown on. */
export const faultsOf = (error: unknown, variables: readonly NamedVariable[], data: Shape): readonly Fault[] => {
  if (isMissingGradient(error)) return missingGradients(error.facts, variables);
  const part = partToBlame(error);
  if (part === null || !(error instanceof Error)) return [];
  const component = nameOf(part);
  const at = { path: part.path, at: 'value' } as const;
  if (error instanceof ShapeError) {
    const { what, gives, wanted } = error;
    return [{ code: 'wrong-shape', ...at, facts: { component, what, gives, wanted, data: likeData.includes(part.kind) ? data : null } }];
  }
  return [{ code: 'not-computable', ...at, facts: { component, reason: clauseOf(error) } }];
};

/** What keeps a step from being recorded, but not from being run on an engine that takes it as it is. */
export const isOfRecording = (error: unknown): error is TraceError => error instanceof TraceError;
