/** The networks of a model, layer by layer, as their variables and the kernels that read these tell of them. */
import type { Shape } from '../../registry/contracts/index.js';
import type { OutlinedVariable } from '../assemble/rehearse.js';

export interface PlannedLayer {
  /** Where its variables are: `encoder/hidden-0`. */
  readonly path: string;
  /** Of one example; null where its variables are not read directly. */
  readonly output: Shape | null;
  readonly parameters: number;
}

export interface PlannedPlayer {
  readonly player: string;
  /** Components that made its variables: "encoder mlp". */
  readonly components: readonly string[];
  readonly parameters: number;
  readonly layers: readonly PlannedLayer[];
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** Of the variables of a layer the last to be read gives what the layer does: a bias behind its kernel. */
const outputOf = (variables: readonly OutlinedVariable[]): Shape | null => {
  const [batched] = variables.flatMap(({ output }) => (output !== null && output.length > 1 ? [output] : [])).toReversed();
  return batched?.slice(1) ?? null;
};

const sizeOf = (variables: readonly OutlinedVariable[]): number => variables.reduce((sum, { size }) => sum + size, 0);

/** What is trained, by player and layer, in the order in which it was made. */
export const groupLayers = (players: readonly string[], variables: readonly OutlinedVariable[]): readonly PlannedPlayer[] =>
  players.map((player) => {
    const own = variables.filter((variable) => variable.trainable && variable.player === player);
    const folders = [...new Set(own.map(({ path }) => folderOf(path)))];
    return {
      player,
      components: [...new Set(own.flatMap(({ part }) => (part === null ? [] : [`${part.kind} ${part.name}`])))],
      parameters: sizeOf(own),
      layers: folders.map((path) => {
        const inside = own.filter((variable) => folderOf(variable.path) === path);
        return { path, output: outputOf(inside), parameters: sizeOf(inside) };
      }),
    };
  });
