/** What arguments and variables of the environment give is text; what it stands for, its param says. */
import { paramAt } from '../../registry/param-at.js';
import type { ItemParam, Param } from '../../registry/params.js';
import type { Registry } from '../../registry/registry.js';
import { isMap } from '../../registry/values.js';
import type { Composition } from './composition.js';
import { experimentParams } from './experiment.js';
import type { ArgumentText } from './overrides.js';
import { scalar } from './references.js';

const isText = (param: Param | ItemParam): boolean => 'type' in param && param.type === 'string';

/** What the text is, where its YAML is not what the param takes and another reading is; else undefined. */
const reread = (param: Param | ItemParam, value: unknown, text: string): unknown => {
  if (isText(param)) return typeof value === 'number' || typeof value === 'boolean' ? text.trim() : undefined;
  if (!('type' in param) || param.type !== 'array' || value === null || Array.isArray(value) || isMap(value)) return undefined;
  const words = text.split(',').map((word) => word.trim());
  return isText(param.items) ? words : words.map(scalar);
};

/** Numbers become texts where texts are wanted (`--set name=123`), and words with commas lists (`--set plots=samples,curve`). */
export const typeTexts = (registry: Registry, composition: Composition, texts: readonly ArgumentText[]): void => {
  for (const { path, text } of texts) {
    const found = paramAt(registry, experimentParams, composition.value, path);
    const given = composition.at(path);
    // A run of a sweep may have put something else there, or around it.
    const value = found === null || given === undefined ? undefined : reread(found.param, given, text);
    if (value !== undefined) composition.retype(path, value);
  }
};
