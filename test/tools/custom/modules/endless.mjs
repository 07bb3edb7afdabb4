await new Promise(() => setInterval(() => undefined, 1_000));
export const f = () => 1;
