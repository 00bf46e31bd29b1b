import { describe, expect, it } from 'vitest';

import { openDatabase, type Database } from '../../../src/backend/database.ts';
import { keys } from '../../../src/backend/keys.ts';
import { valueAt } from './running.ts';

const MANY = 100_000;

/** One organization with very many keys, as if they had been made one by one, and another with one. */
async function filled(): Promise<Database> {
  const database = await openDatabase(undefined, 'agntix');
  database.run(
    `with recursive number (n) as (select 1 union all select n + 1 from number where n < ?)
     insert into keys (id, owner_id, name, prefix, hash, permissions, agent, extra, created_at)
     select 'id-' || n, 'org', 'key ' || n, 'pk_live_', 'hash-' || n, '[]', '', '{}', n from number`,
    MANY,
  );
  return database;
}

/** Hands everything on, and notes what was read. */
function noting(database: Database): { readonly database: Database; readonly read: string[] } {
  const read: string[] = [];
  return {
    read,
    database: {
      ...database,
      get(sql, ...values) {
        read.push(sql);
        return database.get(sql, ...values);
      },
      all(sql, ...values) {
        read.push(sql);
        return database.all(sql, ...values);
      },
    },
  };
}

describe('a page of a hundred thousand keys', () => {
  it('is found and counted through indexes, wherever it lies', async () => {
    const database = await filled();
    const noted = noting(database);
    const page = keys(noted.database, Date.now, () => '').page('org', MANY - 100, 100);
    expect([page.total, page.keys.length, page.keys[0]?.id, page.keys[99]?.id]).toEqual([MANY, 100, 'id-100', 'id-1']);
    expect(noted.read).toHaveLength(2);
    for (const sql of noted.read) {
      const wildcards = sql
        .split('?')
        .slice(1)
        .map(() => 1);
      const plan = database.all(`explain query plan ${sql}`, ...wildcards).map((step) => valueAt(step, 'detail'));
      // One step: searched for by owner, nothing scanned, nothing sorted.
      expect(plan).toEqual([expect.stringMatching(/^SEARCH \w+ USING (INDEX|PRIMARY KEY).*\(owner_id=\?\)$/)]);
    }
    database.close();
  });

  it('is counted without looking at the keys', async () => {
    const database = await filled();
    const noted = noting(database);
    keys(noted.database, Date.now, () => '').page('org', 0, 10);
    expect(noted.read.filter((sql) => /count\s*\(/i.test(sql))).toEqual([]);
    database.close();
  });

  it('has a name looked up through an index', async () => {
    const database = await filled();
    const noted = noting(database);
    const kept = keys(noted.database, Date.now, () => '');
    expect([kept.hasNamed('org', 'key 50000'), kept.hasNamed('org', 'key 0'), kept.hasNamed('nobody', 'key 1')]).toEqual([true, false, false]);
    const plan = database.all(`explain query plan ${noted.read[0]}`, 'org', 'key 1').map((step) => valueAt(step, 'detail'));
    expect(plan).toEqual([expect.stringMatching(/^SEARCH keys USING INDEX \w+ \(owner_id=\? AND name=\?\)$/)]);
    database.close();
  });
});

describe('the count of keys', () => {
  it('follows what is made and revoked, each owner for itself, and no key twice', async () => {
    const database = await openDatabase(undefined, 'agntix');
    let made = 0;
    const kept = keys(database, Date.now, () => `key-${(made += 1)}`);
    const draft = { name: null, permissions: [], agent: 'cursor', extra: {}, expiresAt: null };
    const first = kept.create({ ...draft, ownerId: 'one' }).key;
    kept.create({ ...draft, ownerId: 'one' });
    kept.create({ ...draft, ownerId: 'two' });
    const totals = () => ['one', 'two', 'nobody'].map((owner) => kept.page(owner, 0, 10).total);
    expect(totals()).toEqual([2, 1, 0]);
    kept.revoke('two', first.id);
    expect(totals()).toEqual([2, 1, 0]);
    kept.revoke('one', first.id);
    kept.revoke('one', first.id);
    expect(totals()).toEqual([1, 1, 0]);
    kept.use('key-2');
    kept.revokeOfAgent('one', 'cursor');
    expect(totals()).toEqual([0, 1, 0]);
    expect(kept.page('one', 0, 10).keys).toEqual([]);
    expect(() => database.together(() => void (kept.create({ ...draft, ownerId: 'two' }), database.run('insert into nowhere values (1)')))).toThrow(/nowhere/);
    expect(totals()).toEqual([0, 1, 0]);
    database.close();
  });
});
