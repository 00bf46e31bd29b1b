import type { DefinitionFile } from '../../model/definition-file.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { keyPrefixes } from '../../providers/credential-kind.ts';
import type { Mistake } from '../../providers/definition-mistakes.ts';
import { reservedId } from '../../providers/definition-names.ts';
import { DEFINITION_MAX, mistakeLine, mistakenDefinition, parseDefinition } from '../../providers/definition.ts';
import type { Provider } from '../../providers/provider.ts';
import { PROVIDERS } from '../../providers/registry.ts';
import { plainText } from '../../render/plain-text.ts';
import { destinationsOf } from './destinations.ts';

export interface AddWish {
  /** The path of the file. */
  readonly path: string;
  /** Put it in place of an own definition of the same id. */
  readonly replace: boolean;
  /** The addresses were looked at; do not ask. */
  readonly yes: boolean;
}

export interface Added {
  readonly kind: 'added' | 'replaced';
  readonly provider: Provider;
}

export type AddDeps = Pick<Deps, 'definitions' | 'system' | 'output' | 'prompt' | 'interrupted'>;

async function textOf(path: string, { system }: AddDeps): Promise<string> {
  const text = await system.readText(path, DEFINITION_MAX);
  if (text !== undefined) return text;
  const found = await system.look(path);
  const shown = plainText(path, 200);
  if (found.kind === 'absent') throw new Failure('not-found', { detail: `There is no file ${shown}.`, hint: 'Name the file that holds the definition.' });
  throw new Failure('usage', {
    detail: `${shown} cannot be read as a definition: it is no regular file of at most ${DEFINITION_MAX / 1024} kB, or is not ours to read.`,
    hint: 'Name the file that holds the definition.',
  });
}

/** Tells each mistake in a line of its own, since one line could not hold them all. */
function refuse(mistakes: readonly Mistake[], { output }: AddDeps): Failure {
  for (const mistake of mistakes) output.must(plainText(mistakeLine(mistake)));
  return mistakenDefinition(mistakes);
}

/** The own definitions that can be read, however many cannot. */
function readable(files: readonly DefinitionFile[]): readonly Provider[] {
  return files.flatMap(({ text }) => {
    const read = parseDefinition(text);
    return read.kind === 'fits' ? [read.provider] : [];
  });
}

/** What speaks against a definition that is sound by itself. */
function conflicts({ id, baseUrl }: Provider): readonly Mistake[] {
  const reserved = reservedId(id, PROVIDERS);
  const { origin } = new URL(baseUrl);
  const owner = PROVIDERS.find((known) => new URL(known.baseUrl).origin === origin);
  return [
    reserved === undefined ? [] : { path: 'id', message: reserved },
    // Credentials are kept by origin: whoever shares one would get at what is kept for the other.
    owner === undefined ? [] : { path: 'base_url', message: `belongs to the built-in provider ${owner.id}` },
  ].flat();
}

/** What is no reason to refuse it, and yet worth to know. */
function warnOf(provider: Provider, others: readonly Provider[], { output }: AddDeps): void {
  const { origin } = new URL(provider.baseUrl);
  for (const other of others) {
    if (other.id !== provider.id && new URL(other.baseUrl).origin === origin) {
      output.warn(`${other.id} is at ${origin} as well. Credentials are kept by address, so both will use the same ones; use --account to keep them apart.`);
    }
  }
  const [prefix] = keyPrefixes(provider);
  const alike = prefix === undefined ? [] : PROVIDERS.filter((known) => keyPrefixes(known).some((each) => each.startsWith(prefix) || prefix.startsWith(each)));
  for (const { id } of alike) output.warn(`Its keys begin like those of ${id}, so that one can be taken for the other.`);
}

async function confirm(provider: Provider, before: Provider | undefined, wish: AddWish, deps: AddDeps): Promise<void> {
  const { id, name } = provider;
  if (before !== undefined) deps.output.must(`This replaces the definition of ${id}, which leads to ${before.baseUrl}.`);
  deps.output.must(`${plainText(name)} (${id}) leads to these addresses:`);
  for (const { address, what } of destinationsOf(provider)) deps.output.must(`  ${address}  ${what}`);
  if (wish.yes) return;
  if (!deps.prompt.canAsk) {
    throw new Failure('needs-answer', {
      detail: 'Nobody can be asked whether these addresses are the right ones, so nothing was stored.',
      hint: `Look at them, then: keywright providers add ${plainText(wish.path, 200)} --yes${wish.replace ? ' --replace' : ''}`,
    });
  }
  if (await deps.prompt.confirm(`Do they all belong to ${plainText(name)}, and do you want to add it?`, deps.interrupted)) return;
  throw new Failure('cancelled', { detail: 'You did not want to add this provider. Nothing was stored.' });
}

/**
 * Adds the person's own provider out of a file, after they have seen every address that it names. `usage` with all its mistakes, or
 * where its id is taken; `needs-answer` where nobody can be asked and nobody said yes before.
 */
export async function addDefinition(wish: AddWish, deps: AddDeps): Promise<Added> {
  const text = await textOf(wish.path, deps);
  const read = parseDefinition(text);
  if (read.kind === 'mistaken') throw refuse(read.mistakes, deps);
  const { provider } = read;
  const mistakes = conflicts(provider);
  if (mistakes.length > 0) throw refuse(mistakes, deps);
  const files = await deps.definitions.list();
  const taken = files.some(({ id }) => id === provider.id);
  if (taken && !wish.replace) {
    throw new Failure('usage', {
      detail: `There is a definition of ${provider.id} already.`,
      hint: `Look at it: keywright providers show ${provider.id}   (or put this one in its place with --replace)`,
    });
  }
  const own = readable(files);
  warnOf(provider, own, deps);
  await confirm(
    provider,
    own.find(({ id }) => id === provider.id),
    wish,
    deps,
  );
  await deps.definitions.write({ id: provider.id, text });
  return { kind: taken ? 'replaced' : 'added', provider };
}
