import type { Deps } from '../../model/deps.ts';
import type { RunningBackend } from '../../model/backend.ts';
import { Failure } from '../../model/failure.ts';
import { providerAmong, PROVIDERS } from '../../providers/registry.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  data: { takes: 'dir', path: true, about: 'Keep data in this folder; without it everything is in memory' },
  port: { takes: 'port', about: 'Port of the first provider, the next ones follow; any free ports without it' },
  device: { about: 'Offer sign-in with a code on another device (RFC 8628), which the real providers do not' },
  dpop: { about: 'Offer tokens that are bound to a key (RFC 9449), which the real providers do not' },
} as const;

const args = [
  { name: 'provider', about: 'Which providers to serve; all without one', required: false, many: true, choices: PROVIDERS.map((provider) => provider.id) },
] as const;

function checkedPort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && port >= 1 && port <= 65_500) return port;
  throw new Failure('usage', { detail: `--port "${text}" is not a port.`, hint: 'Give a number from 1 to 65500.' });
}

async function run(
  { options, args: words }: Invocation<OptionsOf<typeof flags>, { readonly provider: readonly string[] }>,
  deps: Deps,
): Promise<RunningBackend> {
  const features = { device: options.device, dpop: options.dpop ? 'on' : 'off' } as const;
  return deps.backend.start({
    realms: words.provider.map((id) => providerAmong(id, PROVIDERS).id),
    dataDir: options.data,
    port: checkedPort(options.port),
    features,
  });
}

/** Runs until the person ends it, which is its normal end. */
async function stays(backend: RunningBackend, deps: Deps): Promise<void> {
  if (!deps.interrupted.aborted) await new Promise<void>((resolve) => deps.interrupted.addEventListener('abort', () => resolve(), { once: true }));
  await backend.stop();
}

const variableOf = (id: string): string => `${providerAmong(id, PROVIDERS).envPrefix}_API_URL`;

/** `backend start`: serves the providers on this machine, for trying things out and for tests. */
export const start = command({
  path: ['backend', 'start'],
  group: 'Tools',
  summary: 'Serve the providers on this machine, for development',
  args,
  flags,
  examples: [
    ['keywright backend start', 'everything, in memory, until Ctrl-C'],
    ['keywright backend start memax --data ./data', 'one provider, kept in a folder'],
  ],
  failures: { 'not-found': 'Packages that only the backend needs are not installed; the hint is how to install them' },
  run,
  text: (backend) => backend.realms.map((realm) => `export ${variableOf(realm.id)}=${realm.origin}\n`).join(''),
  notes: () => ['A development server: it listens on this machine only and signs in anybody. Ctrl-C ends it.'],
  json: (backend) => backend.realms.map(({ id, origin }) => ({ id, origin })),
  stays,
});
