/** The environment's variables, read once. An empty variable counts as unset: read them through `variable`. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The value of a variable, or undefined where it is unset or empty. */
export function variable(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}
