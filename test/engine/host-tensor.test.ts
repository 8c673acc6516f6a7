import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEngine, hostTensor, TraceError, withLabel } from '../../src/engine/index.js';
import { withHostTensors } from '../../src/engine/host-tensor.js';
import { currentLabels, innermostLabel } from '../../src/engine/labels.js';

describe('a host tensor', () => {
  it('is refused outside of steps, with the labels of whoever asked', () => {
    const ask = (): unknown => withLabel('encoder', () => hostTensor('noise', [2], () => undefined));
    expect(ask).toThrow(TraceError);
    expect(ask).toThrow(/noise[^]*encoder/);
  });

  it('comes from the innermost source, and from the outer one again when that has failed', () => {
    const asked: string[] = [];
    const source =
      (own: string) =>
      (name: string): tf.Tensor => {
        asked.push(`${own} ${name}`);
        throw new Error('no tensor');
      };
    const ask = (name: string): void => {
      expect(() => hostTensor(name, [1], () => undefined)).toThrow('no tensor');
    };
    withHostTensors(source('outer'), () => {
      ask('a');
      expect(() =>
        withHostTensors(source('inner'), () => {
          ask('b');
          throw new Error('a step that fails');
        }),
      ).toThrow('a step that fails');
      ask('c');
    });
    expect(asked).toEqual(['outer a', 'inner b', 'outer c']);
  });

  it('is filled once a run for each call, in the order of the calls, with equal names kept apart', async () => {
    for (const engine of [await createEngine('onnx'), await createEngine('cpu')]) {
      const order: string[] = [];
      const filled = (name: string, value: number): tf.Tensor =>
        hostTensor(name, [2], (out, tick) => {
          order.push(`${String(tick)}:${String(value)}`);
          out.fill(value + tick);
        });
      const step = await engine.compile('hosts', {}, () => ({ y: tf.add(filled('noise', 1), tf.mul(filled('noise', 10), 2)) }));
      order.length = 0;
      expect((await step.run({}, 3))['y']).toEqual(Float32Array.of(30, 30));
      expect((await step.run({}, 4))['y']).toEqual(Float32Array.of(33, 33));
      expect(order).toEqual(['3:1', '3:10', '4:1', '4:10']);
      await step.dispose();
    }
  });

  it('keeps what its last filling left where it is not filled anew', async () => {
    for (const engine of [await createEngine('onnx'), await createEngine('cpu')]) {
      const step = await engine.compile('lazy', {}, () => ({
        y: hostTensor('rate', [], (out, tick) => {
          if (tick === 0) out[0] = 0.5;
        }),
      }));
      await step.run({}, 0);
      expect((await step.run({}, 1))['y']).toEqual(Float32Array.of(0.5));
      await step.dispose();
    }
  });

  it('costs nothing where no result needs it', async () => {
    let fillings = 0;
    const step = await (
      await createEngine('onnx')
    ).compile('unused', {}, () => {
      hostTensor('noise', [1000], () => fillings++);
      return { y: tf.ones([1]) };
    });
    await step.run({});
    expect(fillings).toBe(0);
    await step.dispose();
  });
});

describe('labels', () => {
  it('nest, and go when their part is over or has failed', () => {
    withLabel('a', () => {
      expect(currentLabels()).toEqual(['a']);
      expect(() =>
        withLabel('b', () => {
          expect(innermostLabel()).toBe('b');
          throw new Error('over');
        }),
      ).toThrow('over');
      expect(currentLabels()).toEqual(['a']);
    });
    expect([currentLabels(), innermostLabel()]).toEqual([[], '']);
  });
});
