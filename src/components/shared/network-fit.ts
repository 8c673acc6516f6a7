/** Whether networks can have the sizes that a model gives them, before they are built. */
import type { Misfit, Network, NetworkSizes } from '../../registry/contracts/index.js';

/** The first network, by the param that names it, that refuses its sizes. */
export const misfitOfNetworks = (networks: Readonly<Record<string, readonly [Network, NetworkSizes]>>): Misfit | null => {
  for (const [param, [network, sizes]] of Object.entries(networks)) {
    const message = network.refuses?.(sizes) ?? null;
    if (message !== null) return { param, message, help: 'Take a network such as `mlp`, or data that fits.' };
  }
  return null;
};
