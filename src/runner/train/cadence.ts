/** When a picture is due. */

export interface Cadence {
  readonly at: readonly (string | number)[];
  readonly every: { readonly epochs: number } | null;
}

/** True if something with this cadence is due after `epoch` of `lastEpoch` (0: before training). */
export const isDue = ({ at, every }: Cadence, epoch: number, lastEpoch: number): boolean => {
  if (at.length === 0 && every === null) return epoch === lastEpoch;
  if (every && epoch > 0 && epoch % every.epochs === 0) return true;
  return at.some((moment) => epoch === epochOf(moment, lastEpoch));
};

const epochOf = (moment: string | number, lastEpoch: number): number => {
  if (moment === 'start') return 0;
  if (moment === 'half') return Math.round(lastEpoch / 2);
  return moment === 'end' ? lastEpoch : Number(moment);
};
