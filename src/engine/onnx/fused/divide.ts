/** What of a recorded step onnxruntime computes, and what fused loops do afterwards. */
import { outputName } from '../names.js';
import type { Recording } from '../record.js';
import type { GraphOutput } from '../serialize.js';
import { planFusion, type Assignment, type FusedGroup } from './plan.js';

export interface DividedStep {
  readonly outputs: readonly GraphOutput[];
  readonly groups: readonly FusedGroup[];
  /** Assignments that the graph makes. */
  readonly rest: readonly Assignment[];
}

export const divide = (recording: Recording): DividedStep => {
  const assignments = recording.variables.flatMap(({ name: variable, assigned }) => (assigned ? [{ variable, value: assigned }] : []));
  const outputs = [...recording.outputs].map(([output, value]) => ({ name: outputName(output), value }));
  return { outputs, ...planFusion(assignments, outputs) };
};
