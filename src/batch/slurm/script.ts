/** What Slurm is given to run: texts that are kept in the batch's folder, and can be read and submitted by hand. */
import type { Resources } from '../../runner/config/resource-params.js';

export interface ArrayScript {
  readonly name: string;
  readonly numTasks: number;
  /** Tasks at a time; null: as many as the cluster has room for. */
  readonly jobs: number | null;
  readonly retries: number;
  /** Of each task; the time limit is that of a session of a run, which goes on in another one. */
  readonly resources: Resources;
  /** Of the batch, and of this submission within it. */
  readonly batch: string;
  readonly here: string;
  /** What starts latentlab, without arguments. */
  readonly command: readonly string[];
}

/** A word that a shell takes as it is. */
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A worker is told so early that its time ends; Slurm itself may be up to 60 seconds early or late. */
const noticeSeconds = (minutes: number): number => Math.max(1, Math.min(120, Math.floor(minutes * 30)));

const directives = (lines: readonly (string | null)[]): string =>
  lines
    .filter((line) => line !== null)
    .map((line) => `#SBATCH --${line}`)
    .join('\n');

/** An array whose task i trains the run that line i + 1 of runs.txt names. */
export const arrayScript = ({ name, numTasks, jobs, retries, resources, batch, here, command }: ArrayScript): string => {
  const { partition, gpus, memory, cpus, timeLimit: minutes, sbatch } = resources;
  return `#!/bin/bash
${directives([
  `job-name=${name}`,
  `array=0-${String(numTasks - 1)}${jobs === null ? '' : `%${String(jobs)}`}`,
  'nodes=1',
  'ntasks=1',
  `cpus-per-task=${String(cpus ?? 1)}`,
  memory === null ? null : `mem=${String(Math.ceil(memory * 1024))}M`,
  gpus === null ? null : `gres=gpu:${String(gpus)}`,
  partition === null ? null : `partition=${partition}`,
  minutes === null ? null : `time=${String(Math.ceil(minutes))}`,
  minutes === null ? null : `signal=B:USR1@${String(noticeSeconds(minutes))}`,
  'requeue',
  'open-mode=append',
  'output=%a.log',
  ...sbatch,
])}
here=${quote(here)}
batch=${quote(batch)}
latentlab=(${command.map(quote).join(' ')})
retries=${String(retries)}

# Whoever started this batch again could not know of this submission, and has made another.
[ -e "$here/superseded" ] && exit 0
run=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" "$here/runs.txt")
[ -n "$run" ] || { echo "runs.txt has no run for task $SLURM_ARRAY_TASK_ID" >&2; exit 2; }
folder="$batch/$run"
task="\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
# The lock of an earlier session of this very task counts for nothing: Slurm has ended that one.
export LATENTLAB_THREADS="\${SLURM_CPUS_PER_TASK:-1}" LATENTLAB_JOB="slurm-\${SLURM_CLUSTER_NAME:-cluster}-$task"

say() { echo "$(date -u +%FT%TZ) latentlab: $*" | tee -a "$folder/log.txt"; }
child= cancelled=
stop() { [ -n "$child" ] && kill -TERM "$child" 2>/dev/null; }
# TERM: scancel, or a job of higher priority, for which Slurm itself requeues this one. USR1: the end of its time is near.
trap 'cancelled=1; stop' TERM
trap stop USR1

before=$(ls "$folder/checkpoints" 2>/dev/null)
"\${latentlab[@]}" worker --run "$folder" >> "$folder/log.txt" 2>&1 &
child=$!
# A signal ends \`wait\` before the worker has ended.
wait "$child"
while kill -0 "$child" 2>/dev/null; do wait "$child"; done
wait "$child"
code=$?

requeue() {
  say "$1; task $task is queued again"
  scontrol requeue "$task" || { say 'it cannot be queued again'; exit "$code"; }
}
# The next run would have no room either.
if [ "$code" -eq 1 ] && grep -A1 '^  "error": {' "$folder/run.json" | grep -q '"code": "disk-full"'; then
  say 'the disk is full; what has not begun of this array is cancelled'
  scancel --state=PENDING "$SLURM_ARRAY_JOB_ID"
fi
[ "$code" -le 2 ] || [ -n "$cancelled" ] && exit "$code"
if [ "$code" -eq 75 ] && [ "$(ls "$folder/checkpoints" 2>/dev/null)" != "$before" ]; then
  requeue 'it ended before its time'
else
  echo "$code" >> "$here/$SLURM_ARRAY_TASK_ID.mishaps"
  if [ "$(wc -l < "$here/$SLURM_ARRAY_TASK_ID.mishaps")" -le "$retries" ]; then
    requeue "its process ended with exit code $code"
  else
    say "its process ended with exit code $code, for the last time"
  fi
fi
exit "$code"
`;
};

/** Without these, some clusters take no job of a user at all. */
const isOfUser = (option: string): boolean => /^(account|qos)=/.test(option);

/** A job that writes summary.csv, and prints the tables. Of the resources of its runs it needs little. */
export const summaryScript = (
  name: string,
  batch: string,
  { partition, sbatch }: Pick<Resources, 'partition' | 'sbatch'>,
  command: readonly string[],
): string => `#!/bin/bash
${directives([
  `job-name=${name}`,
  'nodes=1',
  'ntasks=1',
  partition === null ? null : `partition=${partition}`,
  'output=summary.log',
  ...sbatch.filter(isOfUser),
])}
exec ${command.map(quote).join(' ')} worker --summary ${quote(batch)}
`;
