/** A cluster of one machine, in a folder of its own: munged, slurmctld and slurmd on loopback, without systemd, cgroups and slurmdbd. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { callProgram, findProgram, freePorts, startDaemon, until, type Daemon } from './daemons.js';

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'scontrol', 'sinfo'];

/** Why there can be no cluster here; null where there can. */
export const missingForSlurm = (): string | null => {
  const missing = programs.filter((name) => findProgram(name) === null);
  if (missing.length > 0) return `not installed: ${missing.join(', ')} (Debian: slurm-wlm, munge)`;
  return process.getuid?.() === 0 ? null : 'slurmd starts processes as root only';
};

export interface Cluster {
  readonly env: NodeJS.ProcessEnv;
  call(program: string, ...args: readonly string[]): string;
  /** As a machine that loses its power: slurmd, and all that it has started. */
  killNode(): Promise<void>;
  startNode(): Promise<void>;
  stop(): Promise<void>;
}

/** Processes whose parents are these, and theirs. */
const descendants = (pids: readonly number[]): readonly number[] => {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return pids.includes(Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])) ? [Number(pid)] : [];
      } catch {
        return [];
      }
    });
  return children.length === 0 ? [] : [...children, ...descendants(children)];
};

/** slurmstepd leaves its parent, and its command line and environment say nothing: it is known by the log that it writes. */
const stepDaemons = (log: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('slurmstepd')) return false;
        return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === log);
      } catch {
        return false;
      }
    })
    .map(Number);

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

export const startCluster = async (folder: string): Promise<Cluster> => {
  const path = (name: string): string => join(folder, name);
  chmodSync(folder, 0o755);
  for (const name of ['munge', 'state', 'spool']) mkdirSync(path(name), { mode: 0o755 });
  writeFileSync(path('munge/key'), randomBytes(64), { mode: 0o600 });
  const [controllerPort = 0, nodePort = 0] = await freePorts(2);
  const host = hostname().replace(/\..*/, '');
  const user = userInfo().username;
  writeFileSync(
    path('slurm.conf'),
    `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
# A job that is requeued waits for its old credential to expire: 120 seconds elsewhere, and less than 6 counts for nothing.
AuthInfo=socket=${path('munge/socket')},cred_expire=6
CredType=cred/munge
SlurmctldPort=${String(controllerPort)}
SlurmdPort=${String(nodePort)}
StateSaveLocation=${path('state')}
SlurmdSpoolDir=${path('spool')}
SlurmctldPidFile=${path('slurmctld.pid')}
SlurmdPidFile=${path('slurmd.pid')}
SlurmctldLogFile=${path('slurmctld.log')}
SlurmdLogFile=${path('slurmd.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0,batch_sched_delay=0
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SlurmdParameters=config_overrides
KillWait=10
SlurmdTimeout=5
BatchStartTimeout=1
NodeName=n1 NodeHostname=${host} NodeAddr=127.0.0.1 Port=${String(nodePort)} CPUs=4 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=n1 Default=YES MaxTime=INFINITE State=UP
`,
  );
  const env = { ...process.env, SLURM_CONF: path('slurm.conf') };
  const daemon = (name: string, ...args: readonly string[]): Daemon =>
    startDaemon(findProgram(name) ?? name, args, path(`${name}.out`), env);
  const call = (program: string, ...args: readonly string[]): string => callProgram(program, args, env);
  const daemons: Daemon[] = [];
  let node: Daemon | null = null;
  let wasLost = false;
  const startNode = async (): Promise<void> => {
    node = daemon('slurmd', '-D', '-N', 'n1', '-f', path('slurm.conf'));
    await until('the node answers', () => {
      try {
        if (wasLost) call('scontrol', 'update', 'NodeName=n1', 'State=RESUME');
        wasLost = false;
        return /idle|mix|alloc/.test(call('sinfo', '--noheader', '--format=%T'));
      } catch {
        return false;
      }
    });
  };
  const endNode = async (): Promise<void> => {
    if (node === null) return;
    const steps = stepDaemons(path('slurmd.log'));
    const all = [...steps, ...descendants([node.pid, ...steps])];
    await node.stop('SIGKILL');
    node = null;
    all.forEach(kill);
  };
  const killNode = async (): Promise<void> => {
    await endNode();
    // The controller would notice by itself, when it has asked for half a minute.
    call('scontrol', 'update', 'NodeName=n1', 'State=DOWN', 'Reason=dead');
    wasLost = true;
  };
  const stop = async (): Promise<void> => {
    await endNode();
    for (const each of daemons.toReversed()) await each.stop();
  };
  try {
    const munge = ['key-file=key', 'socket=socket', 'pid-file=pid', 'log-file=log', 'seed-file=seed'];
    const mungeArgs = munge.map((text) => `--${text.replace('=', `=${path('munge')}/`)}`);
    daemons.push(daemon('munged', '--foreground', '--force', '--num-threads=2', ...mungeArgs));
    await until('munged listens', () => readdirSync(path('munge')).includes('socket'));
    daemons.push(daemon('slurmctld', '-D', '-c', '-f', path('slurm.conf')));
    await startNode();
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, call, killNode, startNode, stop };
};
