/** Fused groups at work: operands placed in the arena, kernels called in place when a step is committed. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Entry, RecordingBackend } from '../backend.js';
import type { Value } from '../values.js';
import type { Arena, Block } from './arena.js';
import { assembleKernel, type FusedKernel } from './assemble.js';
import type { FusedGroup } from './plan.js';

/** What the graph computes for a loop: fetched under `name`, into the arena or (scalars) beside it. */
export interface Cut {
  readonly name: string;
  readonly value: Value;
  readonly block: Block;
}

interface ReadyGroup {
  readonly kernel: FusedKernel;
  readonly operands: readonly (tf.Variable | Cut)[];
  readonly results: readonly tf.Variable[];
  readonly scalars: readonly Cut[];
  readonly bytes: number;
}

export class FusedKernels {
  /** To be fetched by each run, into the blocks. */
  readonly cuts: readonly Cut[];
  readonly #groups: readonly ReadyGroup[];
  readonly #arena: Arena;
  readonly #backend: RecordingBackend;

  constructor(groups: readonly FusedGroup[], variables: ReadonlyMap<string, tf.Variable>, arena: Arena, backend: RecordingBackend) {
    this.#arena = arena;
    this.#backend = backend;
    const cuts = new Map<Value, Cut>();
    const cut = (value: Value): Cut => {
      const known = cuts.get(value) ?? {
        name: `cut_${String(cuts.size)}`,
        value,
        block: arena.allocate(value.shape.reduce((size, dim) => size * dim, 1)),
      };
      cuts.set(value, known);
      return known;
    };
    const variableOf = (value: Value): tf.Variable | undefined =>
      value.origin.kind === 'input' ? variables.get(value.origin.name) : undefined;
    const assigned = (name: string): tf.Variable => {
      const variable = variables.get(name);
      if (!variable) throw new Error(`no variable is read as ${name}`);
      return variable;
    };
    this.#groups = groups.map((group) => ({
      kernel: assembleKernel(group, arena.memory),
      operands: group.operands.map((value) => variableOf(value) ?? cut(value)),
      results: group.results.map(({ variable }) => assigned(variable)),
      scalars: group.scalars.map(cut),
      bytes: Math.ceil(group.size / 4) * 16,
    }));
    this.cuts = [...cuts.values()];
    this.place();
  }

  /** Puts every variable of a loop into the arena, where it is not there already. */
  place(): void {
    for (const { operands, results } of this.#groups) {
      for (const operand of operands) if (!('block' in operand)) this.#blockOf(operand);
      for (const result of results) this.#blockOf(result);
    }
  }

  /** Writes the new values over the old ones. */
  run(): void {
    for (const { kernel, operands, results, scalars, bytes } of this.#groups) {
      kernel(
        ...operands.map((operand) => ('block' in operand ? operand.block.address : this.#blockOf(operand).address)),
        ...results.map((result) => this.#blockOf(result).address),
        bytes,
        ...scalars.map((scalar) => scalar.block.array[0] ?? NaN),
      );
    }
  }

  dispose(): void {
    for (const { block } of this.cuts) this.#arena.free(block);
  }

  #blockOf(variable: tf.Variable): Block {
    const entry: Entry = this.#backend.entry(variable.dataId);
    if (entry.block) return entry.block;
    const { values } = entry;
    if (!values) throw new Error('a variable without values');
    const block = this.#arena.allocate(values.length);
    block.array.set(values);
    this.#backend.moveIntoArena(entry, this.#arena, block);
    return block;
  }
}
