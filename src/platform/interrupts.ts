/**
 * Calls `listener` when the process is asked to stop (Ctrl+C, SIGTERM, a closed terminal), and says whether it is the
 * first time. Returns the way to stop listening.
 */
export function onInterrupt(listener: (signal: NodeJS.Signals, isFirst: boolean) => void): () => void {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let count = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    count += 1;
    listener(signal, count === 1);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
