import type { Access } from '../../api/access.ts';
import { revokeKey } from '../../api/keys.ts';
import type { CreatedKey } from '../../model/api-key.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { type Delivered, deliverTo, type Delivery, mayHaveIt, type ReadySink } from './sink.ts';

const shown = ({ name, id }: CreatedKey): string => `the new key ${name === null ? '' : `"${plainText(name, 100)}" `}(id ${id})`;

const inWords = ({ failed }: Delivered): string =>
  failed.map(({ name, failure }) => `${failed.length > 1 ? `${plainText(name, 100)}: ` : ''}${failure.detail}`).join(' ');

const inData = ({ failed }: Delivered): unknown =>
  failed.map(({ name, failure }) => ({ sink: plainText(name), code: failure.code, detail: plainText(failure.detail, 600), may_have_it: mayHaveIt(failure) }));

/** The failure of a delivery that some sinks took and others did not; undefined where all did. */
function partlyDone(delivered: Delivered, key: CreatedKey): Failure | undefined {
  if (delivered.failed.length === 0) return undefined;
  const missed = delivered.failed.map(({ name }) => plainText(name, 100)).join(', ');
  return new Failure('partly-done', {
    detail: `${delivered.took.map((name) => plainText(name, 100)).join(', ')} took ${shown(key)}, but not ${missed}. ${inWords(delivered)}`,
    hint: `It is valid where it was taken. Or revoke it and begin again: keywright auth revoke-key ${key.id}`,
    data: { id: key.id, delivered: delivered.took, failed: inData(delivered) },
  });
}

/** Revokes a key that nobody took, and gives the failure that says so. */
async function undone(delivered: Delivered, key: CreatedKey, access: Access): Promise<Failure> {
  const cause = delivered.failed.find(({ failure }) => failure.code === 'cancelled')?.failure ?? delivered.failed[0]?.failure;
  const code = cause?.code ?? 'bug';
  const data = { id: key.id, failed: inData(delivered) };
  try {
    const outcome = await revokeKey(access, key.id);
    // A provider may answer well and keep the key all the same.
    if (outcome.kind === 'failed') throw new Failure('refused', { detail: `the provider kept it (${plainText(outcome.why, 100)}).` });
  } catch (thrown) {
    const why = isFailure(thrown) ? thrown.detail : 'something in keywright itself went wrong';
    const command = `Revoke it: keywright auth revoke-key ${key.id}`;
    // Where the provider has no call for it, its own hint says where keys are revoked by hand.
    const hint = isFailure(thrown) && thrown.code === 'usage' ? (thrown.hint ?? command) : command;
    return new Failure(code, {
      detail: `Nothing took ${shown(key)}, and it could not be revoked again, so that it is still valid: ${why} ${inWords(delivered)}`,
      hint,
      data: { ...data, revoked: false },
      cause,
    });
  }
  return new Failure(code, {
    detail: `${inWords(delivered)} Nothing took ${shown(key)}, so it was revoked again.`,
    ...(cause?.hint === undefined ? {} : { hint: cause.hint }),
    data: { ...data, revoked: true },
    cause,
  });
}

/**
 * Delivers a key that was just made. Where no sink took it, it is revoked and the failure of the first sink is thrown, which then says
 * both; after Ctrl-C that is `cancelled`. Where some took it, `verdict` is `partly-done`. Stdout comes last, so that its JSON can say what the others did.
 */
export async function deliverNewKey(
  sinks: readonly ReadySink[],
  delivery: Delivery,
  access: Access,
): Promise<{ readonly took: readonly string[]; readonly verdict: Failure | undefined }> {
  const others = await deliverTo(
    sinks.filter(({ name }) => name !== 'stdout'),
    delivery,
  );
  const stdout = sinks.filter(({ name }) => name === 'stdout');
  const missed = partlyDone({ took: [...others.took, ...stdout.map(({ name }) => name)], failed: others.failed }, delivery.key);
  const printed = await deliverTo(stdout, missed === undefined ? delivery : { ...delivery, missed });
  const delivered = { took: [...others.took, ...printed.took], failed: [...others.failed, ...printed.failed] };
  if (delivered.took.length === 0) throw await undone(delivered, delivery.key, access);
  return { took: delivered.took, verdict: partlyDone(delivered, delivery.key) };
}
