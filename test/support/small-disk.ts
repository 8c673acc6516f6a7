/** A disk of its own at a folder, small enough to be filled. */
import { spawnSync } from 'node:child_process';

const system = (command: string, folder: string): boolean => spawnSync('/bin/sh', ['-c', `${command} "$0"`, folder]).status === 0;

/** Whether it could be mounted: that is not permitted everywhere. */
export const mountAt = (folder: string, options: string): boolean => system(`mount -t tmpfs -o ${options} tmpfs`, folder);

/** At once, even if something has left a file open there. */
export const unmountAt = (folder: string): boolean => system('umount -l', folder);
