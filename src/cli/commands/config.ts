/** `latentlab config FILE`: the experiment as it is run, composed and with all its defaults. */
import { Document, isCollection, isMap, isScalar, isSeq } from 'yaml';
import { ConfigError } from '../../registry/errors.js';
import type { Path } from '../../registry/path.js';
import type { Registry } from '../../registry/registry.js';
import type { LoadedExperiment } from '../../runner/config/load.js';
import { describeOrigin, originOf } from '../../runner/config/origins.js';
import { escapeReferences } from '../../runner/config/references.js';
import { loadRun } from '../../runner/sweep/runs.js';
import { changesOf, type ChangeOptions } from '../changes.js';
import type { Io } from '../io.js';

export interface ConfigOptions extends ChangeOptions {
  /** Adds who set each value, as comments. */
  readonly origins: boolean;
  /** The name of a run of a sweep. */
  readonly variant?: string;
}

const withOrigins = ({ experiment, origins }: LoadedExperiment): string => {
  const document = new Document(escapeReferences(experiment), { aliasDuplicateObjects: false });
  const walk = (node: unknown, path: Path): void => {
    if (isMap(node) && node.items.length > 0)
      for (const { key, value } of node.items) {
        if (!isScalar(key)) continue;
        const inner = [...path, String(key.value)];
        // Behind an empty list a comment would begin a line of its own.
        if (isCollection(value) && value.items.length === 0) key.commentBefore = ` ${describeOrigin(originOf(origins, inner))}`;
        else walk(value, inner);
      }
    else if (isSeq(node)) for (const [i, item] of node.items.entries()) walk(item, [...path, i]);
    else if (isScalar(node)) node.comment = ` ${describeOrigin(originOf(origins, path))}`;
  };
  walk(document.contents, []);
  return document.toString({ lineWidth: 0 });
};

/** Exit code: 0, or 2 where the experiment is wrong. */
export const runConfig = async (file: string, options: ConfigOptions, io: Io, registry: Registry): Promise<number> => {
  try {
    const loaded = await loadRun(file, { registry, ...changesOf(options) }, options.variant ?? null);
    io.out((options.origins ? withOrigins(loaded) : loaded.yaml()).trimEnd());
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    io.err(error.message);
    return 2;
  }
};
