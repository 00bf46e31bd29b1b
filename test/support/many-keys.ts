import { openDatabase } from '../../src/backend/database.ts';
import { keys } from '../../src/backend/keys.ts';
import { organizationsOf } from '../../src/backend/organizations.ts';
import { DEMO_EMAIL, users } from '../../src/backend/users.ts';

/** A key that works at agntix, and fits its pattern. */
export const AGNTIX_KEY = `pk_live_${'a1'.repeat(16)}`;

/**
 * Puts many keys of the demo organization into the database of an agntix realm that is to be started in this folder, much faster than requests could make them:
 * `key-1` and so on, named `many <n>`, a year old and never used; and one by which to ask for them, named `asks`.
 */
export async function fillAgntix(dataDir: string, count: number): Promise<void> {
  const database = await openDatabase(dataDir, 'agntix');
  const now = Date.now();
  const owner = organizationsOf(database, () => now).ofUser(users(database, () => now).withEmail(DEMO_EMAIL));
  database.run(
    `with recursive number (n) as (select 1 union all select n + 1 from number where n < ?)
     insert into keys (id, owner_id, name, prefix, hash, permissions, agent, extra, created_at)
     select 'key-' || n, ?, 'many ' || n, 'pk_live_', 'hash-' || n, '["chat:read"]', '', '{}', ? from number`,
    count,
    owner.id,
    now - 365 * 86_400_000,
  );
  const draft = { ownerId: owner.id, name: 'asks', permissions: ['chat:read'], agent: '', extra: {}, expiresAt: null };
  keys(
    database,
    () => now,
    () => AGNTIX_KEY,
  ).create(draft);
  database.close();
}
