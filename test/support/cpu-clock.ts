/** What work costs, whatever else the machine does meanwhile: tests share it with others. */

/** Milliseconds of processor time that this process has used since. */
export const startCpuClock = (): (() => number) => {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
};
