/**
 * Runs a synchronous function while console warnings are off. Google's client warns on the console when it is made
 * (both of its key variables are set, for one), which would be written over the screen, and it has no switch for it.
 * Nothing else can run meanwhile, so no other warning is lost.
 */
export function quietly<T>(create: () => T): T {
  const target = globalThis.console;
  const loud = { ...target };
  const silent = (): void => undefined;
  Object.assign(target, { warn: silent, debug: silent });
  try {
    return create();
  } finally {
    Object.assign(target, loud);
  }
}
