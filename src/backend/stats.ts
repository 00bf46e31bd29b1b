/** How many requests reached which route, failed and faulty ones included. */
export interface RouteStats {
  /** Of one route, or of a family: `token` counts `token.code` and `token.refresh`. */
  count(route: string): number;
  all(): Readonly<Record<string, number>>;
  reset(): void;
}

export interface RouteCounter extends RouteStats {
  add(route: string): void;
}

export function routeCounter(): RouteCounter {
  const counts = new Map<string, number>();
  return {
    add: (route) => void counts.set(route, (counts.get(route) ?? 0) + 1),
    count: (route) => [...counts].reduce((sum, [name, count]) => (inFamily(name, route) ? sum + count : sum), 0),
    all: () => Object.fromEntries(counts),
    reset: () => counts.clear(),
  };
}

/** `token` and `*` are families of `token.refresh`. */
export function inFamily(name: string, family: string): boolean {
  return family === '*' || name === family || name.startsWith(`${family}.`);
}
